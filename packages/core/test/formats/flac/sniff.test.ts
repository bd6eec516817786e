import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { sniffFlac } from '../../../src/formats/flac/sniff.js'
import { makePcm } from '../support/pcm.js'
import { encodeFlac, FLAC_TOOLS, headBytes, joinBytes } from './support/encode.js'

const HEAD_BYTES = 16384

describeWithTools(FLAC_TOOLS, 'sniffFlac', () => {
  let flac: Uint8Array
  beforeAll(() => {
    flac = encodeFlac(makePcm('music', 60000, 2, 16), { channels: 2, bits: 16 }, '-b', '1152')
  })

  it('is certain of a head, also behind a tag or cut short', () => {
    const tag = Uint8Array.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 3, 1, 2, 3])
    expect(sniffFlac(flac.subarray(0, HEAD_BYTES))).toBe(1)
    expect(sniffFlac(flac.subarray(0, 10))).toBe(1)
    expect(sniffFlac(joinBytes(tag, flac.subarray(0, 500)))).toBe(1)
    expect(sniffFlac(joinBytes(flac.subarray(9000, 9100), flac.subarray(0, 500)))).toBe(0.9)
  })

  it('is certain of a whole frame amid the stream', () => {
    for (let at = headBytes(flac) + 1; at < headBytes(flac) + 30_000; at += 997) {
      expect(sniffFlac(flac.subarray(at, at + HEAD_BYTES))).toBe(1)
    }
  })

  it('thinks it possible with one header', () => {
    const start = headBytes(flac)
    expect(sniffFlac(flac.subarray(start, start + 400))).toBe(0.4)
    expect(sniffFlac(flac.subarray(start + 20, start + 400))).toBe(0)
  })
})

describe('sniffFlac', () => {
  it('says no to everything else', () => {
    expect(sniffFlac(new Uint8Array(0))).toBe(0)
    expect(sniffFlac(new Uint8Array(HEAD_BYTES))).toBe(0)
    expect(sniffFlac(new Uint8Array(HEAD_BYTES).fill(0xff))).toBe(0)
    expect(sniffFlac(Uint8Array.from(Buffer.from(`fLaC${'x'.repeat(100)}`)))).toBe(0)
    expect(sniffFlac(makePcm('noise', 8192, 1, 16))).toBeLessThan(0.5)
  })
})
