import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { crc32Ogg } from '../../../src/bytes/crc/crc32-ogg.js'

function slow(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

describe('crc32Ogg', () => {
  it('is the CRC by its definition, of any part of a buffer and in any pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), (bytes, a, b) => {
        const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)]
        expect(crc32Ogg(bytes, start, end)).toBe(slow(bytes.subarray(start, end)))
        expect(crc32Ogg(bytes, start, bytes.length, crc32Ogg(bytes, 0, start))).toBe(slow(bytes))
      }),
    )
  })
})

describeWithTools(['ffmpeg'], 'crc32Ogg and real pages', () => {
  it('is what another program wrote into each page', () => {
    const sine = ['-f', 'lavfi', '-i', 'sine=duration=2', '-f', 'ogg', '-c:a', 'flac', '-']
    const file = new Uint8Array(execFileSync('ffmpeg', ['-v', 'error', ...sine], { maxBuffer: 1 << 26 }))
    let pages = 0
    for (let page = 0; page < file.length; pages++) {
      const segments = file[page + 26]
      const body = file.subarray(page + 27, page + 27 + segments).reduce((sum, size) => sum + size, 0)
      const end = page + 27 + segments + body
      const bytes = file.slice(page, end)
      const written = new DataView(bytes.buffer).getUint32(22, true)
      bytes.fill(0, 22, 26)
      expect(crc32Ogg(bytes)).toBe(written)
      page = end
    }
    expect(pages).toBeGreaterThan(3)
  })
})
