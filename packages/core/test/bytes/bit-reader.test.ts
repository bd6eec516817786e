import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BitReader } from '../../src/bytes/bit-reader.js'

describe('BitReader', () => {
  it('reads what the bits spell, in steps of any size', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 32 })),
        fc.nat(5),
        (bytes, steps, start) => {
          const bits = [...bytes.subarray(start)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
          const reader = new BitReader(bytes, start)
          let at = 0
          for (const step of steps) {
            const expected = bits.slice(at, at + step).padEnd(step, '0')
            expect(reader.read(step)).toBe(expected === '' ? 0 : parseInt(expected, 2))
            at += step
            expect(reader.position).toBe(start * 8 + at)
            if (start <= bytes.length) expect(reader.exhausted).toBe(at > bits.length)
          }
        },
      ),
    )
  })

  it('reads zeros past its end, even where the buffer goes on', () => {
    const reader = new BitReader(Uint8Array.of(0xff, 0xff, 0xff), 0, 1)
    expect(reader.read(4)).toBe(0xf)
    expect(reader.read(8)).toBe(0xf0)
    expect(reader.exhausted).toBe(true)
    expect(reader.read(32)).toBe(0)
  })

  it('skips', () => {
    const reader = new BitReader(Uint8Array.of(0b0000_0101, 0b1000_0000))
    reader.skip(5)
    expect(reader.read(4)).toBe(0b1011)
    expect(reader.exhausted).toBe(false)
    reader.skip(8)
    expect(reader.exhausted).toBe(true)
  })
})
