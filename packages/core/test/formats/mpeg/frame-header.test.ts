import { describe, expect, it } from 'vitest'
import {
  frameBytes,
  legalFrameBytes,
  parseFrameHeader,
  streamIdentity,
} from '../../../src/formats/mpeg/frame-header.js'

const KBPS = {
  1: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const RATES_HZ = { 1: [44100, 48000, 32000], 2: [22050, 24000, 16000], 2.5: [11025, 12000, 8000] }

function header(version: 1 | 2 | 2.5, bitrate: number, rate: number, padding: number, mode: number): Uint8Array {
  const id = version === 1 ? 3 : version === 2 ? 2 : 0
  return Uint8Array.of(0xff, 0xe3 | (id << 3), (bitrate << 4) | (rate << 2) | (padding << 1), mode << 6)
}

describe('parseFrameHeader', () => {
  it('knows every header of layer III', () => {
    let checked = 0
    for (const version of [1, 2, 2.5] as const) {
      const table = version === 1 ? KBPS[1] : KBPS[2]
      for (const [index, kbps] of table.entries()) {
        for (const [rate, sampleRateHz] of RATES_HZ[version].entries()) {
          for (const padding of [0, 1]) {
            for (const mode of [0, 1, 2, 3]) {
              const bytes = header(version, index + 1, rate, padding, mode)
              const samplesPerFrame = version === 1 ? 1152 : 576
              const stereoBytes = version === 1 ? 32 : 17
              const sideInfoBytes = mode === 3 ? (version === 1 ? 17 : 9) : stereoBytes
              const length = Math.floor(((samplesPerFrame / 8) * kbps * 1000) / sampleRateHz) + padding
              expect(parseFrameHeader(bytes)).toEqual({
                version,
                sampleRateHz,
                channels: mode === 3 ? 1 : 2,
                bitrateBps: kbps * 1000,
                protected: false,
                samplesPerFrame,
                frameBytes: length,
                sideInfoBytes,
                mainDataOffset: 4 + sideInfoBytes,
              })
              expect(legalFrameBytes(bytes, 0)).toContain(length)
              checked++
            }
          }
        }
      }
    }
    expect(checked).toBe(3 * 14 * 3 * 2 * 4)
  })

  it('makes room for a CRC', () => {
    const bytes = header(1, 9, 0, 0, 0)
    bytes[1] &= 0xfe
    expect(parseFrameHeader(bytes)).toMatchObject({ protected: true, mainDataOffset: 38, frameBytes: 417 })
  })

  it('refuses free format and everything reserved', () => {
    const good = header(1, 9, 0, 0, 0)
    const broken: [number, number][] = [
      [0, 0xfe], // no sync
      [1, 0xdb], // no sync
      [1, 0xeb], // reserved version
      [1, 0xf9], // reserved layer, as ADTS has
      [1, 0xfd], // layer II
      [1, 0xff], // layer I
      [2, 0x00], // free format
      [2, 0xf0], // forbidden bitrate
      [2, 0x9c], // reserved rate
      [3, 0x02], // reserved emphasis
    ]
    expect(frameBytes(good, 0)).toBe(417)
    for (const [at, value] of broken) {
      const bytes = Uint8Array.from(good)
      bytes[at] = value
      expect(frameBytes(bytes, 0)).toBe(0)
      expect(parseFrameHeader(bytes)).toBeUndefined()
    }
    expect(parseFrameHeader(good.subarray(0, 3))).toBeUndefined()
  })
})

describe('streamIdentity', () => {
  it('tells version, rate and channel count apart and nothing else', () => {
    const identity = (bytes: Uint8Array) => streamIdentity(bytes, 0)
    const different = new Set(
      ([1, 2, 2.5] as const).flatMap((version) =>
        [0, 1, 2].flatMap((rate) => [0, 3].map((mode) => identity(header(version, 9, rate, 0, mode)))),
      ),
    )
    expect(different.size).toBe(18)
    const alike = [1, 5, 14].flatMap((bitrate) =>
      [0, 1].flatMap((padding) => [0, 1, 2].map((mode) => identity(header(1, bitrate, 0, padding, mode)))),
    )
    expect(new Set(alike).size).toBe(1)
  })
})
