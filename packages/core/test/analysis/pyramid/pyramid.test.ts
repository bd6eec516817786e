import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LevelBlock } from '../../../src/analysis/levels/levels.js'
import { windowCount, windowStart } from '../../../src/analysis/levels/window-start.js'
import { END_BYTES, HEAD_BYTES, PyramidLayout } from '../../../src/analysis/pyramid/layout.js'
import { PyramidReader } from '../../../src/analysis/pyramid/pyramid-reader.js'
import { PyramidWriter } from '../../../src/analysis/pyramid/pyramid-writer.js'
import { concatBytes } from '../../../src/bytes/concat.js'
import { MemoryAccess } from '../../../src/storages/access/memory-access.js'
import { random } from '../../support/random.js'

const STARTED_AT = Date.UTC(2026, 10, 22, 17)
/** Half a step of 0.01 dB, and a little for single precision. */
const WITHIN = 0.00058

/** Levels like those of a day: soft, loud, silent. */
function levelsOf(windows: number, channels: number, seed: number): LevelBlock {
  const next = random(seed)
  const rms = Float32Array.from({ length: windows * channels }, () => (next() < 0.1 ? 0 : 10 ** (-5 * next())))
  return { channels, rms, peak: rms.map((level) => level * (1 + next())) }
}

/** The bytes of a file of levels, and where each piece of it ends. */
function write(block: LevelBlock, sampleRateHz: number, samples: number | undefined, seed = 1) {
  const parts: Uint8Array[] = []
  const { channels } = block
  const writer = new PyramidWriter({ sampleRateHz, channels, startedAt: STARTED_AT }, (bytes) => parts.push(bytes))
  const next = random(seed)
  for (let at = 0; at < block.rms.length;) {
    const end = Math.min(block.rms.length, at + channels * Math.floor(next() * 30))
    writer.push({ channels, rms: block.rms.subarray(at, end), peak: block.peak.subarray(at, end) })
    at = end
  }
  if (samples !== undefined) writer.finish(samples)
  return concatBytes(parts)
}

async function read(bytes: Uint8Array): Promise<PyramidReader> {
  const reader = await PyramidReader.open(new MemoryAccess(bytes))
  if (!reader) throw new Error('no file of levels')
  return reader
}

/** What a point must be: every window that overlaps it, by its share of the time. */
function pointOf(block: LevelBlock, rate: number, samples: number, channel: number, from: number, to: number) {
  let [power, seconds, peak, low] = [0, 0, 0, Infinity]
  const windows = windowCount(samples, rate)
  for (let window = 0; window < windows; window++) {
    const start = window / 10
    const end = Math.min((window + 1) / 10, samples / rate)
    const overlap = Math.min(end, to) - Math.max(start, from)
    if (overlap <= 1e-9) continue
    const at = window * block.channels + channel
    power += block.rms[at] ** 2 * overlap
    seconds += overlap
    peak = Math.max(peak, block.peak[at])
    low = Math.min(low, block.rms[at])
  }
  return { rms: Math.sqrt(power / seconds), peak, low, seconds }
}

const near = (ours: number, wanted: number) => Math.abs(ours - wanted) <= wanted * WITHIN

describe('a file of levels', () => {
  test('gives back each window within half a step, silence as silence', async () => {
    const block = levelsOf(777, 2, 1)
    const reader = await read(write(block, 44_100, 776 * 4410 + 1))
    expect(reader).toMatchObject({ sampleRateHz: 44_100, channels: 2, startedAt: STARTED_AT, windows: 777 })
    expect(reader.samples).toBe(776 * 4410 + 1)
    const blocks: LevelBlock[] = []
    for await (const part of reader.blocks()) blocks.push(part)
    const rms = blocks.flatMap((part) => [...part.rms])
    const peak = blocks.flatMap((part) => [...part.peak])
    expect(rms).toHaveLength(777 * 2)
    expect(rms.filter((level, index) => !near(level, block.rms[index]))).toEqual([])
    expect(peak.filter((level, index) => !near(level, block.peak[index]))).toEqual([])
    expect(rms.filter((level) => level === 0).length).toBeGreaterThan(50)
    const some = await reader.blocks(13, 20).next()
    expect([...(some.value as LevelBlock).rms]).toEqual(rms.slice(26, 40))
  })

  test.each([
    [8000, 1, 36_000 * 2 + 6123, 17],
    [11_025, 2, 6000 + 599, 1100],
    [44_100, 6, 1234, 4410],
  ])('%i Hz, %i channels: every tier is the windows below it', async (rate, channels, windows, lastSamples) => {
    const block = levelsOf(windows, channels, 5)
    const samples = windowStart(windows - 1, rate) + lastSamples
    expect(windowCount(samples, rate)).toBe(windows)
    const bytes = write(block, rate, samples)
    expect(bytes.length).toBe(new PyramidLayout(channels).completeBytes(windows))
    const reader = await read(bytes)
    const duration = samples / rate
    expect(reader.durationSeconds).toBe(duration)
    // points as long as entries, on their borders: nothing of one is in another
    for (const seconds of [1, 10, 60, 600, 3600]) {
      const points = Math.floor(duration / (2 * seconds))
      if (points === 0) continue
      const to = points * 2 * seconds
      const curve = await reader.levelsBetween(0, to, points)
      const step = Math.max(1, Math.floor(points / 40))
      for (let point = 0; point < points; point += step) {
        const channel = point % channels
        const wanted = pointOf(block, rate, samples, channel, point * 2 * seconds, (point + 1) * 2 * seconds)
        const at = point * channels + channel
        // 11,025 / 10 is not whole: windows of a point differ by a sample in weight
        expect(Math.abs(curve.rms[at] - wanted.rms)).toBeLessThan(wanted.rms * 0.002)
        expect(near(curve.peak[at], wanted.peak)).toBe(true)
        expect(near(curve.low[at], wanted.low)).toBe(true)
      }
    }
    const [whole] = [await reader.levelsBetween(0, duration, 1)]
    for (let channel = 0; channel < channels; channel++) {
      const wanted = pointOf(block, rate, samples, channel, 0, duration)
      expect(Math.abs(whole.rms[channel] - wanted.rms)).toBeLessThan(wanted.rms * 0.002)
      expect(near(whole.peak[channel], wanted.peak)).toBe(true)
    }
  })

  test('any stretch at any number of points: no peak is lost, and none comes from elsewhere', async () => {
    const rate = 1000
    const windows = 20_000
    const samples = windows * 100 - 40
    const block = levelsOf(windows, 1, 9)
    const reader = await read(write(block, rate, samples))
    const stretch = fc.tuple(
      fc.double({ min: 0, max: 1999, noNaN: true }),
      fc.double({ min: 0.05, max: 2500, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
    )
    await fc.assert(
      fc.asyncProperty(stretch, async ([from, length, points]) => {
        const curve = await reader.levelsBetween(from, from + length, points)
        expect(curve.rms).toHaveLength(points)
        const each = length / points
        for (let point = 0; point < points; point++) {
          const [start, end] = [from + point * each, from + (point + 1) * each]
          const inside = pointOf(block, rate, samples, 0, start, end)
          if (inside.seconds < 1e-6) {
            if (start > samples / rate) expect(curve.rms[point]).toBeNaN()
            continue
          }
          // an entry at the border is as long as half a point at most
          const around = pointOf(
            block,
            rate,
            samples,
            0,
            start - Math.max(0.1, each / 2),
            end + Math.max(0.1, each / 2),
          )
          expect(curve.peak[point]).toBeGreaterThanOrEqual(inside.peak * (1 - WITHIN))
          expect(curve.peak[point]).toBeLessThanOrEqual(around.peak * (1 + WITHIN))
          expect(curve.low[point]).toBeLessThanOrEqual(inside.low * (1 + WITHIN))
          expect(curve.rms[point]).toBeLessThanOrEqual(curve.peak[point] * (1 + WITHIN))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a file that grows, or that a crash has torn anywhere, is read as far as its last whole second', async () => {
    const block = levelsOf(95, 2, 3)
    const bytes = write(block, 8000, 94 * 800 + 3)
    const { secondBytes } = new PyramidLayout(2)
    for (let size = 0; size < bytes.length; size++) {
      const reader = await PyramidReader.open(new MemoryAccess(bytes.subarray(0, size)))
      if (size < HEAD_BYTES) {
        expect(reader).toBeUndefined()
        continue
      }
      // the tenth second is half of one; the summary behind it would fill more
      const seconds = Math.min(9, Math.floor((size - HEAD_BYTES) / secondBytes))
      expect(reader?.samples).toBeUndefined()
      expect(reader?.windows).toBe(10 * seconds)
      expect(reader?.durationSeconds).toBe(seconds)
      const curve = await reader?.levelsBetween(0, 9, 9)
      for (let point = 0; point < Math.min(9, seconds); point++) {
        const { peak } = pointOf(block, 8000, 94 * 800 + 3, 1, point, point + 1)
        expect(near(curve?.peak[2 * point + 1] ?? NaN, peak)).toBe(true)
      }
      if (seconds < 9) expect(curve?.peak[2 * seconds]).toBeNaN()
    }
    expect(bytes.length).toBeGreaterThan(HEAD_BYTES + 10 * secondBytes)
    expect((await read(bytes)).samples).toBe(94 * 800 + 3)
  })

  test('pages that a power cut left as zeros are silence; an end mark that does not fit is none', async () => {
    const bytes = write(levelsOf(300, 1, 3), 8000, 300 * 800)
    const { secondBytes } = new PyramidLayout(1)
    const holed = bytes.slice().fill(0, HEAD_BYTES + 5 * secondBytes, HEAD_BYTES + 10 * secondBytes)
    const curve = await (await read(holed)).levelsBetween(5, 10, 5)
    expect([...curve.peak]).toEqual([0, 0, 0, 0, 0])
    const grown = concatBytes([bytes, new Uint8Array(1)])
    expect((await read(grown)).samples).toBeUndefined()
    const otherLength = bytes.slice()
    new DataView(otherLength.buffer).setFloat64(bytes.length - END_BYTES + 8, 3e5, true)
    expect((await read(otherLength)).samples).toBeUndefined()
    new DataView(otherLength.buffer).setFloat64(bytes.length - END_BYTES + 8, NaN, true)
    expect((await read(otherLength)).samples).toBeUndefined()
  })

  test('an empty recording has an empty file; what is no file of levels is refused', async () => {
    const reader = await read(write(levelsOf(0, 1, 1), 8000, 0))
    expect(reader).toMatchObject({ windows: 0, samples: 0, durationSeconds: 0 })
    expect([...(await reader.levelsBetween(0, 1, 2)).rms]).toEqual([NaN, NaN])
    const good = write(levelsOf(20, 1, 1), 8000, 16_000)
    const changed = (at: number, value: number) => {
      const bytes = good.slice()
      bytes[at] = value
      return PyramidReader.open(new MemoryAccess(bytes))
    }
    expect(await changed(60, 9)).toBeDefined()
    for (const at of [0, 7, 8, 10, 18, 20]) expect(await changed(at, 0x7f), `byte ${at}`).toBeUndefined()
    expect(await PyramidReader.open(new MemoryAccess(new Uint8Array(500)))).toBeUndefined()
  })
})
