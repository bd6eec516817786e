import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MeasuredFormat } from '../../../src/analysis/levels/kernel.js'
import { LevelMeter } from '../../../src/analysis/levels/level-meter.js'
import type { LevelBlock } from '../../../src/analysis/levels/levels.js'
import { numpyLevels, type OracleLevels } from '../support/numpy-levels.js'

const BYTES: Readonly<Record<MeasuredFormat, number>> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 }
const formats = Object.keys(BYTES) as MeasuredFormat[]
const signals = ['random', 'extreme', 'least', 'silent', 'quiet'] as const
type Signal = (typeof signals)[number]

/** Repeatable random numbers, 0 <= n < 1. */
function noise(seed: number): () => number {
  let state = seed | 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24
  }
}

/** Samples of full scale -1 to 1; another signal in each channel. */
function sampleOf(signal: Signal, random: () => number, channel: number): number {
  const full = random() < 0.5 ? -1 : 1
  if (signal === 'random') return (random() * 2 - 1) / (channel + 1)
  if (signal === 'extreme') return full
  if (signal === 'least') return -1
  return signal === 'quiet' ? full * 1e-4 : 0
}

function pcm(format: MeasuredFormat, samples: number, channels: number, signal: Signal, seed = 1): Uint8Array {
  const random = noise(seed)
  const size = BYTES[format]
  const view = new DataView(new ArrayBuffer(samples * channels * size))
  for (let index = 0; index < samples * channels; index++) {
    const value = sampleOf(signal, random, index % channels)
    const integer = (bits: number) =>
      Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, Math.round(value * 2 ** (bits - 1))))
    const at = index * size
    if (format === 'u8') view.setUint8(at, integer(8) + 128)
    else if (format === 's16') view.setInt16(at, integer(16), true)
    else if (format === 's24') {
      view.setUint16(at, integer(24) & 0xffff, true)
      view.setInt8(at + 2, integer(24) >> 16)
    } else if (format === 's32') view.setInt32(at, integer(32), true)
    else if (format === 'f32') view.setFloat32(at, value, true)
    else view.setFloat64(at, value, true)
  }
  return new Uint8Array(view.buffer)
}

function joined(blocks: readonly LevelBlock[]): OracleLevels {
  return { rms: blocks.flatMap(({ rms }) => [...rms]), peak: blocks.flatMap(({ peak }) => [...peak]) }
}

/** Pieces of random lengths, empty ones among them. */
function pieces(bytes: Uint8Array, seed: number, most: number): Uint8Array[] {
  const random = noise(seed)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + Math.floor(random() * most))
    parts.push(bytes.subarray(at, end))
    at = end
  }
  return parts
}

function measure(meter: LevelMeter, parts: readonly Uint8Array[]): OracleLevels {
  return joined([...parts.map((part) => meter.push(part)), meter.finish()])
}

function expectSame(ours: OracleLevels, numpy: OracleLevels): void {
  expect(ours.rms.length).toBe(numpy.rms.length)
  expect(ours.peak.length).toBe(numpy.peak.length)
  const off = (a: readonly number[], b: readonly number[]) =>
    a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index]) / Math.max(b[index], 1e-3)), 0)
  expect(off(ours.rms, numpy.rms)).toBeLessThan(1e-6)
  expect(off(ours.peak, numpy.peak)).toBeLessThan(1e-6)
}

describe('LevelMeter', () => {
  test('all formats, channels and signals as numpy, however the bytes are cut', () => {
    const cases = formats.flatMap((format) =>
      [1, 2, 3, 4, 5, 6, 7, 8].flatMap((channels) =>
        signals.map((signal, index) => {
          const rate = [8000, 11_025, 7999, 4411, 8001][index]
          const bytes = pcm(format, 2 * rate + 137, channels, signal, channels + index)
          return { format, rate, channels, signal, bytes }
        }),
      ),
    )
    const answers = numpyLevels(cases)
    for (const [index, { format, rate, channels, bytes }] of cases.entries()) {
      const meter = new LevelMeter({ sampleRateHz: rate, channels, sampleFormat: format })
      expectSame(measure(meter, pieces(bytes, index + 1, 5000)), answers[index])
      expect(meter.samples).toBe(2 * rate + 137)
    }
  })
})
