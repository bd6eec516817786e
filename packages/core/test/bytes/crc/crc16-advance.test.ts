import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advanceCrc16 } from '../../../src/bytes/crc/crc16-advance.js'
import { crc16 } from '../../../src/bytes/crc/crc16.js'

const crc = fc.integer({ min: 0, max: 0xffff })

describe('advanceCrc16', () => {
  it('is what zero bytes do', () => {
    fc.assert(
      fc.property(crc, fc.nat(70_000), (start, count) => {
        expect(advanceCrc16(start, count)).toBe(crc16(new Uint8Array(count), 0, count, start))
      }),
      { numRuns: 60 },
    )
  })

  it('goes back as far as it went on, however far', () => {
    fc.assert(
      fc.property(crc, fc.maxSafeNat(), (start, count) => {
        expect(advanceCrc16(advanceCrc16(start, count), -count)).toBe(start)
      }),
    )
  })

  it('joins checksums of neighbours', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const joined = Uint8Array.from([...first, ...second])
        expect(advanceCrc16(crc16(first), second.length) ^ crc16(second)).toBe(crc16(joined))
      }),
    )
  })
})
