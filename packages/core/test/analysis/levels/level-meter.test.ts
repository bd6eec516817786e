import { describe, expect, test } from 'vitest'
import type { MeasuredFormat } from '../../../src/analysis/levels/kernel.js'
import { LevelMeter } from '../../../src/analysis/levels/level-meter.js'
import type { LevelBlock } from '../../../src/analysis/levels/levels.js'
import { random } from '../../support/random.js'
import { numpyLevels, type OracleLevels } from '../support/numpy-levels.js'

const BYTES: Readonly<Record<MeasuredFormat, number>> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 }
const formats = Object.keys(BYTES) as MeasuredFormat[]
const signals = ['random', 'extreme', 'least', 'silent', 'quiet'] as const
type Signal = (typeof signals)[number]

/** Samples of full scale -1 to 1; another signal in each channel. */
function sampleOf(signal: Signal, next: () => number, channel: number): number {
  const full = next() < 0.5 ? -1 : 1
  if (signal === 'random') return (next() * 2 - 1) / (channel + 1)
  if (signal === 'extreme') return full
  if (signal === 'least') return -1
  return signal === 'quiet' ? full * 1e-4 : 0
}

function pcm(format: MeasuredFormat, samples: number, channels: number, signal: Signal, seed = 1): Uint8Array {
  const next = random(seed)
  const size = BYTES[format]
  const view = new DataView(new ArrayBuffer(samples * channels * size))
  for (let index = 0; index < samples * channels; index++) {
    const value = sampleOf(signal, next, index % channels)
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
  const next = random(seed)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + Math.floor(next() * most))
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

  test('reads into its own memory, in pieces that suit the reader', () => {
    const bytes = pcm('s24', 30_000, 3, 'random', 7)
    const whole = measure(new LevelMeter({ sampleRateHz: 44_100, channels: 3, sampleFormat: 's24' }), [bytes])
    const meter = new LevelMeter({ sampleRateHz: 44_100, channels: 3, sampleFormat: 's24' })
    const blocks: LevelBlock[] = []
    const next = random(3)
    for (let at = 0; ;) {
      const { bytes: count, block } = meter.pushFrom((room) => {
        const most = Math.min(room.length, bytes.length - at, 1 + Math.floor(next() * 7001))
        room.set(bytes.subarray(at, at + most))
        return most
      })
      blocks.push(block)
      at += count
      if (count === 0) break
    }
    expect(joined([...blocks, meter.finish()])).toEqual(whole)
    expect(whole.rms).toHaveLength(7 * 3)
  })

  test('meters share their kernel and know nothing of each other, even in the middle of a sample', () => {
    const layouts = formats.map((sampleFormat, index) => ({
      sampleRateHz: 8000,
      channels: 1 + (index % 6),
      sampleFormat,
    }))
    const inputs = layouts.map(({ sampleFormat, channels }, index) =>
      pcm(sampleFormat, 4321, channels, 'random', index),
    )
    const alone = layouts.map((layout, index) => measure(new LevelMeter(layout), [inputs[index]]))
    const meters = layouts.map((layout) => new LevelMeter(layout))
    const blocks: LevelBlock[][] = layouts.map(() => [])
    for (let at = 0; at < 4321 * 6 * 8; at += 1013)
      for (const [index, meter] of meters.entries())
        blocks[index].push(meter.push(inputs[index].subarray(at, at + 1013)))
    expect(meters.map((meter, index) => joined([...blocks[index], meter.finish()]))).toEqual(alone)
  })

  test('planes of floats and of integers are as their bytes', () => {
    const channels = 2
    const samples = 20_011
    const interleaved = pcm('s24', samples, channels, 'random', 5)
    const bytes = measure(new LevelMeter({ sampleRateHz: 22_050, channels, sampleFormat: 's24' }), [interleaved])
    const integers = Array.from({ length: channels }, (_, channel) =>
      Int32Array.from({ length: samples }, (_none, index) => {
        const at = (index * channels + channel) * 3
        return ((interleaved[at] | (interleaved[at + 1] << 8) | (interleaved[at + 2] << 16)) << 8) >> 8
      }),
    )
    const floats = integers.map((plane) => Float32Array.from(plane, (sample) => sample / 2 ** 23))
    const pushAll = (push: (meter: LevelMeter, from: number, to: number) => LevelBlock) => {
      const meter = new LevelMeter({ sampleRateHz: 22_050, channels })
      const blocks: LevelBlock[] = []
      for (let at = 0; at < samples; at += 4096) blocks.push(push(meter, at, at + 4096))
      return joined([...blocks, meter.finish()])
    }
    expectSame(
      pushAll((meter, from, to) =>
        meter.pushPlanes(
          integers.map((p) => p.subarray(from, to)),
          24,
        ),
      ),
      bytes,
    )
    expectSame(
      pushAll((meter, from, to) => meter.pushPlanes(floats.map((p) => p.subarray(from, to)))),
      bytes,
    )
    expect(new LevelMeter({ sampleRateHz: 8000, channels }).pushPlanes([]).rms).toHaveLength(0)
  })

  test('window k begins at floor(k * rate / 10), at rates that 10 divides not, and below 10', () => {
    for (const sampleRateHz of [1, 7, 11, 11_025, 22_255]) {
      const meter = new LevelMeter({ sampleRateHz, channels: 1 })
      let windows = meter.push(new Uint8Array(0)).rms.length
      for (let sample = 1; sample <= 3 * sampleRateHz; sample++) {
        windows += meter.push(Uint8Array.of(0, 1)).rms.length
        let ended = 0
        while (Math.floor(((ended + 1) * sampleRateHz) / 10) <= sample) ended++
        if (windows !== ended) expect(windows, `${sampleRateHz} Hz, sample ${sample}`).toBe(ended)
      }
      expect(windows).toBeGreaterThanOrEqual(30)
      expect(meter.finish().rms).toHaveLength(0)
    }
  })

  test('what is no number is silence; what is beyond full scale is told', () => {
    const samples = Float32Array.of(NaN, 2, -0.5, NaN, 0, -3, 0.25, 0.25)
    const meter = new LevelMeter({ sampleRateHz: 40, channels: 1, sampleFormat: 'f32' })
    expect(joined([meter.push(new Uint8Array(samples.buffer))])).toEqual({
      rms: [Math.sqrt((4 + 0.25) / 4), Math.sqrt((9 + 2 / 16) / 4)].map(Math.fround),
      peak: [2, 3],
    })
  })

  test('a torn last frame does not count', () => {
    const meter = new LevelMeter({ sampleRateHz: 8000, channels: 2 })
    meter.push(Uint8Array.of(0, 64, 0, 64, 0, 127, 0))
    expect(joined([meter.finish(), meter.finish()])).toEqual({ rms: [0.5, 0.5], peak: [0.5, 0.5] })
    expect(meter.samples).toBe(1)
  })

  test('refuses what it cannot measure', () => {
    expect(() => new LevelMeter({ sampleRateHz: 0, channels: 1 })).toThrow('sampleRateHz: 0')
    expect(() => new LevelMeter({ sampleRateHz: 8000, channels: 9 })).toThrow('channels: 9')
    expect(() => new LevelMeter({ sampleRateHz: 8000, channels: 1.5 })).toThrow('channels: 1.5')
    const meter = new LevelMeter({ sampleRateHz: 8000, channels: 2 })
    expect(() => meter.pushPlanes([new Float32Array(5)])).toThrow('1 planes for 2 channels')
  })
})
