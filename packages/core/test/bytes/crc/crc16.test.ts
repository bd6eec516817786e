import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16, crc16Reflected } from '../../../src/bytes/crc/crc16.js'

const CHECK = new TextEncoder().encode('123456789')

function slow(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x8005) & 0xffff : crc << 1
  }
  return crc
}

function slowReflected(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return crc
}

describe('crc16', () => {
  it('has the published check values of CRC-16/UMTS and CRC-16/ARC', () => {
    expect(crc16(CHECK)).toBe(0xfee8)
    expect(crc16Reflected(CHECK)).toBe(0xbb3d)
  })

  it('is the CRC by its definition, of any part of a buffer and in any pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), fc.nat(60), (bytes, a, b) => {
        const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)]
        expect(crc16(bytes, start, end)).toBe(slow(bytes.subarray(start, end)))
        expect(crc16(bytes, start, bytes.length, crc16(bytes, 0, start))).toBe(slow(bytes))
        expect(crc16Reflected(bytes, start, end)).toBe(slowReflected(bytes.subarray(start, end)))
        expect(crc16Reflected(bytes, start, bytes.length, crc16Reflected(bytes, 0, start))).toBe(slowReflected(bytes))
      }),
    )
  })

  it('is the CRC by its definition of long texts too', () => {
    const text = (length: number, seed: number) =>
      Uint8Array.from({ length }, (_, at) => Math.imul(at * at + seed, 0x9e3779b1) >>> 19)
    for (const length of [700, 767, 768, 769, 1023, 1024, 1025, 4000, 16384, 70_001]) {
      for (const seed of [0, 1]) {
        const bytes = text(length, seed)
        const cut = 3 + (length >> 2)
        expect(crc16(bytes)).toBe(slow(bytes))
        expect(crc16(bytes, cut, length, crc16(bytes, 0, cut))).toBe(slow(bytes))
        expect(crc16Reflected(bytes)).toBe(slowReflected(bytes))
        expect(crc16Reflected(bytes, cut, length, crc16Reflected(bytes, 0, cut))).toBe(slowReflected(bytes))
      }
    }
  })

  it('gives 0 for a message with its own sum behind it', () => {
    const sum = crc16(CHECK)
    expect(crc16(Uint8Array.of(...CHECK, sum >>> 8, sum & 0xff))).toBe(0)
  })
})
