import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { verifyFolder } from '@isr/core'
import { NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../../rig/temp-dir.js'
import { waitUntil } from '../../rig/wait-until.js'
import { build } from '../../support/isr.js'
import { figures } from '../figures.js'
import { BUILD_MS } from '../record-many.js'
import { recordStation, rssMb, sentTo } from '../record-station.js'

/** Outages, in seconds; more and longer ones with `npm run soak`. */
const OUTAGES = (process.env.ISR_OUTAGES ?? '1.5').split(' ').map(Number)
const IS_LONG = OUTAGES.length > 1
const SOURCES = 100
const BURST_SECONDS = 4
const HERD_MS = 50
const MOST_GROWTH_MB = 60
/** What the command line gives its sources after a signal: one deadline for all of them. */
const DEADLINE_SECONDS = 25

describe('a hundred sources of one server', () => {
  beforeAll(build, BUILD_MS)

  it(`are lost at once for ${OUTAGES.join(', ')} s and come back, no herd; SIGTERM closes every file`, async () => {
    const cwd = tempDir('isr-hundred-')
    const directory = join(cwd, 'recordings')
    mkdirSync(directory)
    const stream = numberedStream('mp3', 1)
    await using station = await NumberedStation.start({ stream, burstSeconds: BURST_SECONDS, everyMs: 200 })
    const names = Array.from({ length: SOURCES }, (_, index) => `s${index}`)
    const isr = await recordStation(
      cwd,
      names.map((name) => ({ name, directory, station })),
    )
    /** Everybody listens, and has for a while. */
    const allListen = (seconds: number) =>
      waitUntil(
        'everybody listens',
        () => {
          const open = station.listeners.filter(({ connection }) => !connection.isClosed)
          const heard = open.filter(({ sent }) => sent.frames * stream.frameSeconds >= BURST_SECONDS + seconds)
          return heard.length >= SOURCES
        },
        120_000,
      )
    let stopSeconds: number
    try {
      await allListen(2)
      for (const seconds of OUTAGES) {
        const before = rssMb(isr.pid)
        const known = station.listeners.length
        await station.outage(seconds * 1000)
        const backMs = performance.now()
        await allListen(2)
        const cameMs = station.listeners.slice(known).map(({ sent }) => (sent.firstAtMs ?? Infinity) - backMs)
        figures(
          `100 sources lost for ${seconds} s: heard again`,
          cameMs.map((ms) => ms / 1000),
        )
        figures(
          `100 sources lost for ${seconds} s: most within ${HERD_MS} ms`,
          [mostWithin(HERD_MS, cameMs)],
          'sources',
        )
        figures(`100 sources lost for ${seconds} s: memory grew`, [rssMb(isr.pid) - before], 'MB')
        // nobody comes twice, or a pause later than a short outage allows
        expect(cameMs).toHaveLength(SOURCES)
        expect(rssMb(isr.pid) - before).toBeLessThan(MOST_GROWTH_MB)
        const sorted = cameMs.sort((a, b) => a - b)
        if (IS_LONG) expect(sorted[0.95 * SOURCES]).toBeLessThanOrEqual(2000)
      }
      const began = performance.now()
      expect(await isr.stop('SIGTERM', 2 * DEADLINE_SECONDS * 1000), isr.output()).toBe(0)
      stopSeconds = (performance.now() - began) / 1000
    } finally {
      await isr.stop('SIGKILL')
    }
    figures('SIGTERM with 100 sources: every file closed', [stopSeconds])
    expect(stopSeconds).toBeLessThanOrEqual(DEADLINE_SECONDS)
    for (const name of names) {
      const comparison = await compareRecordings({ directory, source: name, sent: sentTo(station, name) })
      expect(comparison.isPerfect, comparisonText(comparison)).toBe(true)
      expect(comparison.holes.length, comparisonText(comparison)).toBeLessThanOrEqual(
        OUTAGES.filter((seconds) => seconds >= BURST_SECONDS - 1).length,
      )
    }
    // no run is open, no file without its last line
    const { findings } = await verifyFolder({ directory })
    expect(findings).toEqual([])
  })
})

/** How many of `timesMs` lie within a stretch of `lengthMs`. */
function mostWithin(lengthMs: number, timesMs: readonly number[]): number {
  const sorted = [...timesMs].sort((a, b) => a - b)
  return Math.max(...sorted.map((from, at) => sorted.slice(at).filter((time) => time < from + lengthMs).length))
}
