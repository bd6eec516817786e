import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc8 } from '../../../src/bytes/crc/crc8.js'

/** Bit by bit, as the definition reads. */
function slow(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1
  }
  return crc
}

describe('crc8', () => {
  it('has the published check value of CRC-8/SMBUS', () => {
    expect(crc8(new TextEncoder().encode('123456789'))).toBe(0xf4)
    expect(crc8(new Uint8Array(0))).toBe(0)
  })

  it('is the CRC by its definition, of any part of a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(50), fc.nat(50), (bytes, a, b) => {
        const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)]
        expect(crc8(bytes, start, end)).toBe(slow(bytes.subarray(start, end)))
        expect(crc8(Uint8Array.of(...bytes, crc8(bytes)))).toBe(0)
      }),
    )
  })
})
