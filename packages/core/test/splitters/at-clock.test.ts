import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { AtClock } from '../../src/splitters/at-clock.js'
import { RunTimeline } from '../../src/time/run-timeline.js'
import { strftime } from '../../src/time/strftime.js'
import { scanBoundaries } from '../support/boundary-oracle.js'
import { ManualClock } from '../support/manual-clock.js'
import { frameMaker, split, type SplitFile, type SplitInput } from '../support/split-run.js'

const RATE_HZ = 44_100
const FRAME_SAMPLES = 1152
const mp3 = frameMaker(RATE_HZ, FRAME_SAMPLES)
const HOUR_MS = 3_600_000

function* spans(seconds: number, framesPerSpan = 38, make = mp3, frameSeconds = FRAME_SAMPLES / RATE_HZ) {
  for (let frames = Math.round(seconds / frameSeconds); frames > 0; frames -= framesPerSpan) {
    yield { span: make(Math.min(framesPerSpan, frames)) } satisfies SplitInput
  }
}

/** Index of the first frame that starts at or after `boundary`, in whole numbers: no rounding to share with the code. */
function firstFrameAt(boundary: number, start: number, rateHz = RATE_HZ, frameSamples = FRAME_SAMPLES): number {
  const numerator = BigInt(boundary - start) * BigInt(rateHz)
  const denominator = 1000n * BigInt(frameSamples)
  return Number((numerator + denominator - 1n) / denominator)
}

const frames = (files: readonly SplitFile[]) => files.reduce((sum, file) => sum + file.frames, 0)

describeWithTools(['python3'], 'AtClock against every boundary that zoneinfo knows', () => {
  const nights = [
    ['Europe/Berlin', '2026-03-28T22:30Z', 60],
    ['Europe/Berlin', '2026-10-24T21:30Z', 60],
    ['Europe/Berlin', '2026-10-24T21:30Z', 180],
    ['America/New_York', '2026-03-08T03:10Z', 45],
    ['America/New_York', '2026-11-01T02:50Z', 60],
    ['Australia/Lord_Howe', '2026-04-04T10:01Z', 20],
    ['Australia/Lord_Howe', '2026-10-03T10:01Z', 60],
    ['UTC', '2026-01-01T10:17Z', 45],
  ] as const
  const seconds = 26 * 3600

  it('cuts at each, at no other, at the right frame, for 26 hours over both changes of the clocks', () => {
    const answers = scanBoundaries(
      nights.map(([timeZone, start, everyMinutes]) => {
        const from = Date.parse(start) / 1000
        return { timeZone, from: from + 1, to: from + seconds, splitSeconds: [everyMinutes * 60] }
      }),
    )
    nights.forEach(([timeZone, startText, everyMinutes], night) => {
      const start = Date.parse(startText)
      const timeAt = (sample: number) => start + (sample * 1000) / RATE_HZ
      const files = split(new AtClock({ everyMinutes, timeZone }), spans(seconds), timeAt)
      const expected = answers[night][0].map((boundary) => firstFrameAt(boundary * 1000, start))
      expect(files.slice(1).map((file) => file.firstFrame)).toEqual(expected)
      expect(expected.length).toBeGreaterThan(8)
      expect(frames(files)).toBe(Math.round((seconds * RATE_HZ) / FRAME_SAMPLES))
      // names are distinct once the offset is in them
      const names = files.map((file) => strftime('%Y%m%d_%H%M%S%z', file.startedAt, timeZone))
      expect(new Set(names).size).toBe(files.length)
    })
  })
})

describe('AtClock', () => {
  const utc = (iso: string) => Date.parse(iso)

  it('makes 10,000 splits that neither drift nor double', () => {
    const start = utc('2026-01-01T00:00:01Z')
    const timeAt = (sample: number) => start + (sample * 1000) / RATE_HZ
    const files = split(new AtClock({ everyMinutes: 0.05, timeZone: 'UTC' }), spans(30_000), timeAt)
    expect(files.length).toBe(10_001)
    for (let index = 1; index < files.length; index++) {
      const boundary = start - 1000 + index * 3000
      expect(files[index].firstFrame).toBe(firstFrameAt(boundary, start))
    }
  })

  it('cuts PCM at the very sample, however the bytes come', () => {
    const pcm = frameMaker(48_000, 1)
    const start = utc('2026-01-01T00:00:00Z') + 417
    const timeAt = (sample: number) => start + (sample * 1000) / 48_000
    for (const perSpan of [1, 479, 4800, 96_000]) {
      const input = spans(7, perSpan, pcm, 1 / 48_000)
      const files = split(new AtClock({ everyMinutes: 1 / 60, timeZone: 'UTC' }), input, timeAt)
      expect(files.map((file) => file.frames)).toEqual([
        583 * 48,
        48_000,
        48_000,
        48_000,
        48_000,
        48_000,
        48_000,
        417 * 48,
      ])
    }
  })

  it('names a file after its boundary, whatever the fraction of a millisecond', () => {
    const pcm = frameMaker(48_000, 1)
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        (fraction, perSpan) => {
          const start = utc('2026-06-01T12:00:00Z') + 300 + fraction
          const timeAt = (sample: number) => start + (sample * 1000) / 48_000
          const splitter = new AtClock({ everyMinutes: 1 / 60, timeZone: 'UTC' })
          const files = split(splitter, spans(3.5, perSpan, pcm, 1 / 48_000), timeAt)
          const names = files.map((file) => strftime('%H%M%S', file.startedAt, 'UTC'))
          expect(names).toEqual(['120000', '120001', '120002', '120003'])
          for (const { startedAt } of files.slice(1)) {
            expect(Math.abs(startedAt - Math.round(startedAt / 1000) * 1000)).toBeLessThan(0.03)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is not confused by a start that its user rounds down', () => {
    const start = utc('2026-06-01T12:00:00Z') + 0.9
    const timeAt = (sample: number) => Math.floor(start + (sample * 1000) / RATE_HZ)
    const files = split(new AtClock({ everyMinutes: 0.05, timeZone: 'UTC' }), spans(300), timeAt)
    expect(files).toHaveLength(100)
  })

  it('makes no sliver of a file that begins, for another reason, less than half a millisecond before a boundary', () => {
    const splitter = new AtClock({ everyMinutes: 60, timeZone: 'UTC' })
    const cutOfFileAt = (at: number) =>
      splitter.cut(mp3(38), { at, recording: { startedAt: at, durationSeconds: 0, sizeBytes: 0 } })
    expect(cutOfFileAt(HOUR_MS - 5000)).toBe(-1)
    expect(cutOfFileAt(HOUR_MS - 0.3)).toBe(-1)
  })

  it('has no boundary where a zone leaves out its midnight, and a day that is 24 hours and another', () => {
    const start = utc('2018-11-03T12:00Z') // the clocks of São Paulo go from 23:59 to 01:00 that night
    const files = split(
      new AtClock({ everyMinutes: 1440, timeZone: 'America/Sao_Paulo' }),
      spans(40 * 3600),
      (sample) => start + (sample * 1000) / RATE_HZ,
    )
    expect(files.map((file) => strftime('%d %H:%M', file.startedAt, 'America/Sao_Paulo'))).toEqual([
      '03 09:00',
      '04 01:00',
      '05 00:00',
    ])
  })

  it('refuses options that are none', () => {
    const refusal = expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }) as Error
    for (const everyMinutes of [0, -5, NaN, Infinity]) expect(() => new AtClock({ everyMinutes })).toThrow(refusal)
    expect(() => new AtClock({ everyMinutes: 60, timeZone: 'Atlantis' })).toThrow(refusal)
  })
})

describe('AtClock when the wall clock is set', () => {
  /** Plays live audio from `start`; the wall clock is moved by `byMs` after `afterSeconds`. */
  function play(start: string, seconds: number, everyMinutes: number, jumps: readonly (readonly [number, number])[]) {
    const clock = new ManualClock(Date.parse(start))
    const timeline = new RunTimeline({ clock, sampleRateHz: RATE_HZ, pace: 'live' })
    const pending = [...jumps]
    let samples = 0
    function* live(): Generator<SplitInput> {
      for (const input of spans(seconds)) {
        clock.monotonic += input.span.durationSeconds * 1000
        if (pending.length > 0 && clock.monotonic >= pending[0][0] * 1000) clock.offset += pending.shift()![1]
        samples += input.span.samples
        timeline.observe(clock.monotonic, samples)
        yield input
      }
    }
    const files = split(new AtClock({ everyMinutes, timeZone: 'UTC' }), live(), (sample) => timeline.at(sample))
    return files.map((file) => ({
      name: strftime('%H:%M:%S', file.startedAt, 'UTC'),
      minutes: Math.round((file.samples / RATE_HZ / 60) * 10) / 10,
    }))
  }
  const HOUR_S = 3600

  it('cuts once, at once, when it is set forward over boundaries', () => {
    expect(play('2026-01-01T16:00:00Z', 2 * HOUR_S, 60, [[1801, HOUR_MS]])).toEqual([
      { name: '16:00:00', minutes: 30 },
      { name: '17:30:00', minutes: 30 },
      { name: '18:00:00', minutes: 60 },
    ])
    expect(play('2026-01-01T16:00:00Z', HOUR_S, 10, [[900, HOUR_MS]]).map((file) => file.minutes)).toEqual([
      10, 5, 5, 10, 10, 10, 10,
    ])
  })

  it('goes on to the next boundary of the new time when it is set back', () => {
    expect(play('2026-01-01T16:00:00Z', 2 * HOUR_S, 60, [[1800, -HOUR_MS]])).toEqual([
      { name: '16:00:00', minutes: 60 },
      { name: '16:00:00', minutes: 60 },
    ])
    expect(play('2026-01-01T16:05:00Z', 2 * HOUR_S, 60, [[1500, -HOUR_MS]])).toEqual([
      { name: '16:05:00', minutes: 55 },
      { name: '16:00:00', minutes: 60 },
      { name: '17:00:00', minutes: 5 },
    ])
  })

  it('does not cut a sliver at a boundary that the file already lies behind', () => {
    expect(play('2026-01-01T15:30:00Z', 2 * HOUR_S, 60, [[1803, -5_000]])).toEqual([
      { name: '15:30:00', minutes: 30 },
      { name: '16:00:00', minutes: 60.1 },
      { name: '17:00:00', minutes: 29.9 },
    ])
  })

  it('takes a step that stays between two boundaries for what it is', () => {
    expect(play('2026-01-01T16:10:00Z', HOUR_S, 60, [[600, 900_000]]).map((file) => file.name)).toEqual([
      '16:10:00',
      '17:00:00',
    ])
    expect(play('2026-01-01T16:10:00Z', HOUR_S, 60, [[1200, -900_000]]).map((file) => file.minutes)).toEqual([60])
  })

  it('ends a file that is set back again and again before it gets double length', () => {
    const jumps = Array.from({ length: 10 }, (_, index) => [1200 + index * 1200, -1_100_000] as const)
    const minutes = play('2026-01-01T16:00:00Z', 4 * HOUR_S, 60, jumps).map((file) => file.minutes)
    expect(minutes.every((length) => length < 120)).toBe(true)
    expect(minutes.length).toBeGreaterThan(2)
    expect(minutes.length).toBeLessThan(6)
  })

  it('survives steps to and fro', () => {
    const files = play('2026-01-01T16:10:00Z', 3 * HOUR_S, 60, [
      [600, HOUR_MS],
      [1200, -HOUR_MS],
      [1201, HOUR_MS],
      [4000, -HOUR_MS],
    ])
    expect(files.every((file) => file.minutes < 120)).toBe(true)
    expect(files.length).toBeLessThanOrEqual(6)
  })

  it('makes no file of double length, and never more files than boundaries and steps, whatever happens', () => {
    const jump = fc.tuple(fc.integer({ min: 1, max: 6 * HOUR_S }), fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }))
    fc.assert(
      fc.property(fc.array(jump, { maxLength: 4 }), fc.constantFrom(30, 45, 60), (jumps, everyMinutes) => {
        const sorted = [...jumps].sort((a, b) => a[0] - b[0])
        const files = play('2026-01-01T12:00:00Z', 6 * HOUR_S, everyMinutes, sorted)
        for (const { minutes } of files) expect(minutes).toBeLessThanOrEqual(2 * everyMinutes)
        const total = files.reduce((sum, file) => sum + file.minutes, 0)
        expect(total).toBeGreaterThan(6 * 60 - 1)
        // each step makes at most one more cut and one more boundary to meet
        expect(files.length).toBeLessThanOrEqual(Math.ceil((6 * 60) / everyMinutes) + 2 + 2 * jumps.length)
      }),
      { numRuns: 60 },
    )
  })
})
