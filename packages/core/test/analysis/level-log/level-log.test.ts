import { describe, expect, test } from 'vitest'
import { LEVEL_LOG_HEADER, LevelLog } from '../../../src/analysis/level-log/level-log.js'
import type { LevelBlock } from '../../../src/analysis/levels/levels.js'
import type { CloseReason, Recording } from '../../../src/model.js'
import { python } from '../../support/python.js'
import { random } from '../../support/random.js'

const AT = Date.UTC(2026, 10, 22, 16, 3)
const LAYOUT = { sampleRateHz: 8000, channels: 2 }

function recordingAt(startedAt: number, closedBy?: CloseReason): Recording {
  return {
    name: 'a.wav',
    source: 'yard',
    format: 'wav',
    info: { codec: 'pcm', sampleRateHz: 8000, channels: 2, bitrateBps: 0 },
    startedAt,
    durationSeconds: 0,
    samples: 0,
    frames: 0,
    sizeBytes: 0,
    run: 'r',
    sequence: 0,
    state: closedBy ? 'closed' : 'open',
    ...(closedBy && { closedBy }),
  }
}

function rig(timeZone = 'Europe/Vienna') {
  const lines: { day: string; line: string }[] = []
  let rests = 0
  const sink = {
    write: (day: string, line: string) => void lines.push({ day, line }),
    rest: () => Promise.resolve(void rests++),
  }
  const log = new LevelLog(sink, timeZone)
  const open = (startedAt: number) => log.open(recordingAt(startedAt), LAYOUT)
  const close = (file: ReturnType<typeof open>, closedBy: CloseReason, seconds: number) =>
    file.close(recordingAt(AT, closedBy), Math.round(seconds * LAYOUT.sampleRateHz))
  const cells = () => lines.map(({ line }) => line.trimEnd().split(','))
  return { lines, open, close, cells, rests: () => rests }
}

function block(windows: number, level: (window: number) => number, peak = 1): LevelBlock {
  const rms = Float32Array.from({ length: windows * 2 }, (_, index) => level(index >> 1))
  return { channels: 2, rms, peak: rms.map((value) => Math.min(1, value * peak)) }
}

/** The same, from the definitions. `inverted_cdf` is the nearest rank. */
const ORACLE = `
import sys, json, numpy
db = lambda x: round(20 * float(numpy.log10(x)), 2)
answers = []
for rms in json.load(sys.stdin):
    r = numpy.array(rms)
    q = lambda p: db(numpy.quantile(r, 1 - p, method='inverted_cdf'))
    answers.append([db(numpy.sqrt((r ** 2).mean())), db(r.max()), q(0.1), q(0.5), q(0.9), len(r) / 10])
json.dump(answers, sys.stdout)
`

describe('LevelLog', () => {
  test('levels of minutes as numpy has them', async () => {
    const next = random(5)
    const windows = [600, 600, 7, 1, 10, 599].map((count) => Array.from({ length: count }, () => 10 ** (-4 * next())))
    const { open, close, cells } = rig()
    for (const [minute, levels] of windows.entries()) {
      const file = open(AT + minute * 60_000)
      file.push(block(levels.length, (window) => levels[window]))
      await close(file, 'disconnect', levels.length / 10)
    }
    const singles = windows.map((levels) => levels.map(Math.fround))
    const answers = python<number[][]>(ORACLE, singles)
    expect(cells()).toHaveLength(windows.length)
    for (const [index, row] of cells().entries()) {
      const [, rms, max, l10, l50, l90, peak, seconds] = row.map(Number)
      for (const [column, value] of [rms, max, l10, l50, l90, seconds].entries())
        expect(Math.abs(value - answers[index][column]), `line ${index}, column ${column}`).toBeLessThan(0.0101)
      expect(peak).toBe(max)
    }
  })

  test('a line for each minute of the clock, over the borders of files, in the zone and on the day of the place', async () => {
    const { open, close, lines, rests } = rig()
    // 23:58:30 in Vienna
    const start = Date.UTC(2026, 10, 22, 22, 58, 30)
    const first = open(start)
    for (let part = 0; part < 6; part++) first.push(block(100, () => 0.5))
    await close(first, 'boundary', 60)
    expect(rests()).toBe(0)
    const second = open(start + 60_000)
    second.push(block(601, () => 0.25, 2))
    await close(second, 'stop', 60.04)
    expect(rests()).toBe(1)
    expect(lines).toEqual([
      { day: '2026-11-22', line: '2026-11-22T23:58:00+01:00,-6.02,-6.02,-6.02,-6.02,-6.02,-6.02,30.0\n' },
      { day: '2026-11-22', line: '2026-11-22T23:59:00+01:00,-8.06,-6.02,-6.02,-12.04,-12.04,-6.02,60.0\n' },
      { day: '2026-11-23', line: '2026-11-23T00:00:00+01:00,-12.04,-12.04,-12.04,-12.04,-12.04,-6.02,30.0\n' },
    ])
    expect(lines[0].line.split(',')).toHaveLength(LEVEL_LOG_HEADER.split(',').length)
  })

  test('gaps are visible: a minute broken off has its seconds, one without audio no line', async () => {
    const { open, close, cells } = rig()
    const before = open(AT)
    before.push(block(250, () => 0.1))
    await close(before, 'disconnect', 25)
    const after = open(AT + 40_000)
    after.push(block(205, () => 0.1))
    await close(after, 'disconnect', 20.46)
    const later = open(AT + 200_000)
    later.push(block(10, () => 0))
    await close(later, 'error', 1)
    expect(cells().map(([time, rms, , , , , , seconds]) => [time, rms, seconds])).toEqual([
      ['2026-11-22T17:03:00+01:00', '-20.00', '25.0'],
      ['2026-11-22T17:03:00+01:00', '-20.00', '20.0'],
      ['2026-11-22T17:04:00+01:00', '-20.00', '0.5'],
      ['2026-11-22T17:06:00+01:00', '-200.00', '1.0'],
    ])
  })

  test('the end of a file may be told after the start of the next', async () => {
    const { open, close, cells } = rig()
    const first = open(AT)
    first.push(block(590, () => 0.1))
    const second = open(AT + 60_000)
    second.push(block(5, () => 0.1))
    first.push(block(10, () => 0.1))
    const closing = close(first, 'boundary', 60)
    await close(second, 'stop', 0.5)
    await closing
    expect(cells().map(([time, , , , , , , seconds]) => [time, seconds])).toEqual([
      ['2026-11-22T17:03:00+01:00', '60.0'],
      ['2026-11-22T17:04:00+01:00', '0.5'],
    ])
  })
})
