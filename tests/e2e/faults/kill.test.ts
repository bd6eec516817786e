import { join } from 'node:path'
import { repairFolder, verifyFolder } from '@isr/core'
import { NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles } from '../rig/checkers.js'
import { describeWithTools } from '../rig/require-tool.js'
import { tempDir } from '../rig/temp-dir.js'
import { waitUntil } from '../rig/wait-until.js'
import { readLedger } from '../support/ledger-file.js'
import { figures } from './figures.js'
import { startLateness } from './lateness.js'
import { BUILD_MS, build, startRecorders } from './record-many.js'

/** 100 with `npm run soak`. */
const KILLS = Number(process.env.ISR_KILLS ?? 5)
/** The same with group commit forced. */
const GROUPED_KILLS = Number(process.env.ISR_GROUPED_KILLS ?? 1)
const SPLIT_SECONDS = 3
const FORMATS = ['mp3', 'aac', 'opus', 'flac'] as const
/** What may be lost each time, in seconds: what the station has sent and the recorder has not handed to the kernel yet. */
const MOST_LOST_SECONDS = 0.25
const LONGEST_FLUSH_SECONDS = 2
/** How long before a kill it is measured how late processes are. */
const LOOK_BACK_MS = 900
/** What a muxer holds back: the page or block that the frame under way belongs to, as the station sends it. */
const CHUNK_SECONDS = Math.max(...FORMATS.map((format) => numberedStream(format).unitSeconds))

describe.each([
  { groupCommit: 'auto', kills: KILLS },
  { groupCommit: 'always', kills: GROUPED_KILLS },
] as const)('group commit $groupCommit', ({ groupCommit, kills }) => {
  describeWithTools(CHECKER_TOOLS, 'kill -9 at random moments', () => {
    const folder = tempDir('isr-kill9-')
    const directory = join(folder, 'recordings')
    const stations: NumberedStation[] = []

    const sources = () =>
      stations.map(({ url }, index) => ({
        name: FORMATS[index],
        url,
        directory,
        splitSeconds: SPLIT_SECONDS,
        groupCommit,
      }))

    beforeAll(async () => {
      for (const [index, format] of FORMATS.entries())
        stations.push(await NumberedStation.start({ stream: numberedStream(format, index + 1) }))
      build()
    }, BUILD_MS)
    afterAll(() => Promise.all(stations.map((station) => station.close())))

    it(`${kills} times: little is lost, and repair makes everything perfect`, async () => {
      const lateSeconds: number[] = []
      for (let kill = 0; kill < kills; kill++) {
        const isr = await startRecorders(sources())
        const listening = () => stations.every(({ listeners }) => (listeners[kill]?.sent.frames ?? 0) > 0)
        await waitUntil('everybody listens', listening, 30_000)
        // past the beginning of a run, which waits for the end of a burst
        await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * SPLIT_SECONDS * 1000 - LOOK_BACK_MS))
        const lateness = startLateness()
        await new Promise((resolve) => setTimeout(resolve, LOOK_BACK_MS))
        expect(await isr.stop('SIGKILL')).toBe(-1)
        lateSeconds.push(lateness.stop())
      }
      await waitUntil('nobody listens any more', () => stations.every(({ server }) => server.openConnections === 0))
      await repairFolder({ directory })
      const { findings } = await verifyFolder({ directory })
      expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])

      /** By kill, then by source. */
      const lost: number[][] = lateSeconds.map(() => [])
      for (const [index, station] of stations.entries()) {
        const comparison = await compareRecordings({ directory, source: FORMATS[index], sent: station.sent })
        const { doubled, misordered, damaged, unknown, strayBytes } = comparison
        const faults = { doubled, misordered, damaged, unknown, strayBytes, lost: comparison.lost.length }
        const none = { doubled: 0, misordered: 0, damaged: 0, unknown: 0, strayBytes: 0, lost: 0 }
        expect(faults, comparisonText(comparison)).toEqual(none)
        // a recorder of its own tells nothing of the time in which it was dead: a Station does
        expect(comparison.holes.every(({ isHidden }) => !isHidden)).toBe(true)
        expect(comparison.unreadOf).toHaveLength(kills)
        for (const [kill, { seconds }] of comparison.unreadOf.entries()) lost[kill].push(seconds)
      }
      figures(
        `kill -9, group commit ${groupCommit}, ${kills} times ${FORMATS.length} sources: seconds lost`,
        lost.flat(),
      )
      const most = MOST_LOST_SECONDS + CHUNK_SECONDS
      // what processes of this machine were late by when it happened is not the recorder's
      const excess = lost.map((ofKill, kill) => Math.max(...ofKill) - most - lateSeconds[kill])
      // a kill amid a flush of the disk costs all sources as long as the flush takes: docs/reliability.md
      expect(excess.filter((seconds) => seconds > 0).length, excess.join(' ')).toBeLessThanOrEqual(
        Math.max(1, kills / 10),
      )
      expect(Math.max(...excess)).toBeLessThanOrEqual(LONGEST_FLUSH_SECONDS)
      const long = readLedger(directory).recordings.filter(({ durationSeconds }) => durationSeconds > 0.5)
      const judged = long.filter((_, index) => index % Math.ceil(long.length / 40) === 0)
      expect(await checkFiles(judged.map(({ name }) => join(directory, name)))).toEqual([])
    })
  })
})
