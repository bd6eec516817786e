import {
  NUMBERED_FORMATS,
  NumberedStation,
  STREAM_FAULTS,
  comparisonText,
  onAir,
  type NumberedFormat,
  type StreamFault,
  type StreamFaultName,
} from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { CHECKER_TOOLS } from '../rig/checkers.js'
import { describeWithTools } from '../rig/require-tool.js'
import { waitUntil } from '../rig/wait-until.js'
import { expectPerfect, record } from './record.js'

/** Longer with `npm run soak`: how long the good part after a fault is, and how quick the way back must be. */
const LONG = process.env.ISR_SOAK === '1'
const AFTER_FRAMES_SECONDS = LONG ? 20 : 1.5
const FIRST_FORMAT: Partial<Record<StreamFaultName, NumberedFormat>> = {
  'new-serial': 'opus',
  'rate-change': 'ogg-flac',
}
const BURST_SECONDS = 4
const NAMES = Object.keys(STREAM_FAULTS) as StreamFaultName[]

describeWithTools(CHECKER_TOOLS, 'a station that fails', () => {
  describe.concurrent('in every way', () => {
    it.each(NAMES)('%s', async (name) => {
      const fault: StreamFault = STREAM_FAULTS[name]
      await using station = await NumberedStation.start({
        stream: FIRST_FORMAT[name] ?? 'mp3',
        script: fault.scripts,
        ...(fault.answer && { answer: fault.answer }),
      })
      const lastScript = fault.scripts.length - 1
      const recorded = await record(station, async () => {
        await waitUntil('the first listener', () => station.listeners.length > 0, 20_000)
        await fault.meanwhile?.(station)
        await waitUntil(
          `${name}: good audio after the fault`,
          () => playedSeconds(station, lastScript, fault) >= AFTER_FRAMES_SECONDS,
          40_000 + AFTER_FRAMES_SECONDS * 1000,
        )
      })
      expect(station.server.scriptErrors).toEqual([])
      await expectPerfect(recorded, { doubtfulFrames: fault.doubtfulFrames ?? 0 })
      if (!fault.onlyAfter && !fault.others && lastScript > 0) {
        // before and after; a gap is told of unless nothing was on air meanwhile
        expect(recorded.comparison.files).toBeGreaterThanOrEqual(2)
        expect(recorded.comparison.gaps).toBeLessThanOrEqual(lastScript)
      }
      for (const { station: number } of fault.others ?? [])
        expect(station.sent.some(({ parts }) => parts.some(({ stream }) => stream.station === number))).toBe(true)
    })
  })

  describe.concurrent('a gap shorter than the burst', () => {
    const formats = NUMBERED_FORMATS.filter((format) => format !== 'wav')
    it.each(formats)('in %s loses and doubles nothing', async (format) => {
      await using station = await NumberedStation.start({
        stream: format,
        burstSeconds: BURST_SECONDS,
        script: [...STREAM_FAULTS.reset.scripts.slice(0, 1), ...STREAM_FAULTS.fin.scripts.slice(0, 1), onAir],
      })
      const recorded = await record(station, () =>
        waitUntil(
          'two reconnects',
          () => playedSeconds(station, 2, STREAM_FAULTS.reset) >= BURST_SECONDS + AFTER_FRAMES_SECONDS,
          40_000,
        ),
      )
      await expectPerfect(recorded)
      const text = comparisonText(recorded.comparison)
      expect(recorded.comparison.holes, text).toEqual([])
      expect(recorded.comparison.gaps, text).toBe(0)
      expect(recorded.comparison.seams, text).toBe(2)
    })
  })
})

/** How long the last script has played for its listener. */
function playedSeconds(station: NumberedStation, lastScript: number, fault: StreamFault): number {
  const listener = station.listeners.slice(lastScript).findLast(({ sent }) => sent.frames > 0)
  const wanted = fault.others?.[0]
  const parts =
    listener?.sent.parts.filter(({ stream }) => wanted === undefined || stream.station === wanted.station) ?? []
  return parts.reduce(
    (sum, { stream, ranges }) => sum + ranges.reduce((all, { from, to }) => all + (to - from) * stream.frameSeconds, 0),
    0,
  )
}
