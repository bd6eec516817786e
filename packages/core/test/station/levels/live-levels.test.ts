import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PyramidReader } from '../../../src/analysis/pyramid/pyramid-reader.js'
import { configOrThrow, parseConfig } from '../../../src/config/load.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import type { Recording } from '../../../src/model.js'
import { Station } from '../../../src/station/station.js'
import { FileAccess } from '../../../src/storages/access/file-access.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { numpyLevels } from '../../analysis/support/numpy-levels.js'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'isr-live-levels-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Records the test signal from 16:59:35 on; files end at 17:00 and 17:01. */
async function record(seconds: number, more: string, during: (station: Station) => Promise<void> = async () => {}) {
  const clock = new FakeClock(Date.parse('2026-11-22T16:59:35Z'))
  const text = `[yard]\ntype = signal\nformat = wav\nsample_rate = 11025\nsplit_minutes = 1\ntimezone = UTC\nfilename_pattern = %Y/%m/%d/%H%M%S\noutput_directory = ${folder}\n${more}`
  const station = new Station({ config: configOrThrow(parseConfig(text)), clock })
  const [warnings, levels, closed]: [unknown[], unknown[], Recording[]] = [[], [], []]
  station.on('warning', (warning) => void warnings.push(warning))
  station.on('level', (level) => void levels.push(level))
  station.on('recording:close', (recording) => void closed.push(recording))
  station.start()
  // in steps: the disk is a real one
  for (let second = 0; second < seconds; second++) await clock.advance(1000)
  await during(station)
  await station.stop()
  return { warnings, levels, closed }
}

function samplesOf(path: string): Uint8Array {
  const spans: FrameSpan[] = []
  const framer = wavFormat.createFramer({ onSpan: (span) => void spans.push(span), onDiscard: () => {} })
  framer.push(readFileSync(path))
  framer.flush()
  return Buffer.concat(spans.map(({ bytes }) => bytes))
}

const opened: FileAccess[] = []
afterEach(() => Promise.all(opened.splice(0).map((access) => access.close())))

async function read(name: string): Promise<PyramidReader> {
  const access = await FileAccess.open(join(folder, 'analyses', `${name}.levels`))
  opened.push(access)
  const reader = await PyramidReader.open(access)
  if (!reader) throw new Error(`${name}.levels is no file of levels`)
  return reader
}

test('levels are complete when the file is, and those of numpy; they can be read while it grows', async () => {
  const during = async () => {
    const growing = await vi.waitFor(() => read('2026/11/22/170100.wav'), { timeout: 20_000 })
    expect(growing.samples).toBeUndefined()
    expect(growing.windows).toBeGreaterThan(0)
    expect((await growing.levelsBetween(0, 1, 1)).peak[0]).toBeGreaterThan(0)
  }
  const { closed, warnings, levels } = await record(100, '', during)
  expect(warnings).toEqual([])
  expect(levels.length).toBeGreaterThan(100)
  expect(closed.map(({ name }) => name)).toEqual(['165935', '170000', '170100'].map((at) => `2026/11/22/${at}.wav`))
  const cases = closed.map(({ name }) => ({
    format: 's16',
    rate: 11_025,
    channels: 2,
    bytes: samplesOf(join(folder, name)),
  }))
  for (const [index, numpy] of numpyLevels(cases).entries()) {
    const { name, samples, startedAt } = closed[index]
    const reader = await read(name)
    expect(reader).toMatchObject({ samples, startedAt, sampleRateHz: 11_025, channels: 2 })
    const [rms, peak]: number[][] = [[], []]
    for await (const block of reader.blocks()) {
      rms.push(...block.rms)
      peak.push(...block.peak)
    }
    expect(rms.length).toBe(numpy.rms.length)
    expect(Math.max(...numpy.rms)).toBeGreaterThan(0.01)
    const worst = (ours: readonly number[], theirs: readonly number[]) =>
      Math.max(...ours.map((level, at) => Math.abs(level / theirs[at] - 1)))
    expect(worst(rms, numpy.rms)).toBeLessThan(0.00058)
    expect(worst(peak, numpy.peak)).toBeLessThan(0.00058)
  }
})

test('a level log beside the recordings, a line for each minute', async () => {
  const { warnings } = await record(100, 'analyze = off\nlevel_log = yes\n')
  expect(warnings).toEqual([])
  const [header, ...lines] = readFileSync(join(folder, 'levels_yard_2026-11-22.csv'), 'utf8').trimEnd().split('\n')
  expect(header.split(',')).toEqual(expect.arrayContaining(['time', 'rms_dbfs', 'l90_dbfs', 'seconds']))
  const cells = lines.map((line) => line.split(','))
  expect(cells.map(([time]) => time)).toEqual(['16:59', '17:00', '17:01'].map((at) => `2026-11-22T${at}:00+00:00`))
  expect(cells.slice(0, 2).map((row) => Number(row.at(-1)))).toEqual([25, 60])
  for (const [, rms, max, l10, l50, l90, peak] of cells.map((row) => row.map(Number))) {
    const rising = [l90, l50, l10, max, peak]
    expect(rising).toEqual(rising.toSorted((a, b) => a - b))
    expect(rms).toBeGreaterThan(l90)
    expect(rms).toBeLessThan(max)
  }
  expect(readdirSync(folder)).not.toContain('analyses')
})

test('analyze = off keeps nothing, and measures only while somebody listens', async () => {
  const { levels } = await record(30, 'analyze = off\n', async (station) => {
    expect(station.measured).toEqual([])
    expect(station.status.sources[0]).toMatchObject({
      state: 'recording',
      level: { peakDb: [expect.any(Number), expect.any(Number)] },
    })
    return Promise.resolve()
  })
  expect(levels.length).toBeGreaterThan(60)
  expect(readdirSync(folder).sort()).toEqual(['.isr', '2026'])
})
