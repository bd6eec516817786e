import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { verifyFolder } from '@isr/core'
import { NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../../rig/temp-dir.js'
import { waitUntil } from '../../rig/wait-until.js'
import { build } from '../../support/isr.js'
import { newestOnDisk } from '../disk-recording.js'
import { figures } from '../figures.js'
import { killAndLook } from './kill-and-look.js'
import { BUILD_MS } from '../record-many.js'
import { recordStation } from '../record-station.js'

/** 40 with `npm run soak`. */
const KILLS = Number(process.env.ISR_BURST_KILLS ?? 2)
const IS_LONG = KILLS > 10
const SOURCES = 4
/** More than a process takes to start on a machine that is loaded. */
const BURST_SECONDS = 20

describe('kill -9, and a restart within the burst of the server', () => {
  beforeAll(build, BUILD_MS)

  it(`${KILLS} times: what was lost comes again, and nothing is there twice`, async () => {
    const cwd = tempDir('isr-kill-burst-')
    const stations = await Promise.all(
      Array.from({ length: SOURCES }, (_, index) =>
        NumberedStation.start({ stream: numberedStream('mp3', index), burstSeconds: BURST_SECONDS, everyMs: 100 }),
      ),
    )
    const sources = stations.map((station, index) => {
      const name = `s${index}`
      const directory = join(cwd, name)
      mkdirSync(directory)
      return { name, directory, station }
    })
    const { frameSeconds } = stations[0].stream
    const listening = (connection: number, seconds: number) =>
      waitUntil(
        'everybody listens',
        () => stations.every(({ sent }) => (sent[connection]?.frames ?? 0) * frameSeconds > BURST_SECONDS + seconds),
        60_000,
      )
    const notOnDisk: number[] = []
    const notRead: number[] = []
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const isr = await recordStation(cwd, sources)
        // the first seconds of a connection are read as they come, later ones at the tick
        await listening(kill, 1.5 + Math.random() * (IS_LONG ? 8 : 2))
        const unread = await killAndLook(isr, stations)
        for (const [index, source] of sources.entries()) {
          const { stream, sent } = source.station
          const last = sent[kill].parts.at(-1)!.ranges.at(-1)!.to - 1
          const lost = (last - newestOnDisk(source)) * frameSeconds
          notOnDisk.push(lost)
          notRead.push(Math.min(lost, (unread[index] / stream.unit(0).length) * stream.unitSeconds))
        }
      }
      const last = await recordStation(cwd, sources)
      await listening(KILLS, 2)
      expect(await last.stop('SIGTERM', 30_000), last.output()).toBe(0)
    } finally {
      await Promise.all(stations.map((station) => station.close()))
    }
    const what = `kill -9, ${KILLS} times ${SOURCES} sources`
    figures(`${what}: sent, and not on disk`, notOnDisk)
    figures(`${what}: of that, not read from the kernel yet`, notRead)
    figures(
      `${what}: of that, read by the process`,
      notOnDisk.map((seconds, index) => seconds - notRead[index]),
    )
    const holes: number[] = []
    for (const { name, directory, station } of sources) {
      const comparison = await compareRecordings({ directory, source: name, sent: station.sent })
      const text = comparisonText(comparison)
      expect(comparison.isPerfect, text).toBe(true)
      expect(comparison.holes, text).toEqual([])
      expect(comparison.seams, text).toBe(KILLS)
      holes.push(comparison.holes.reduce((sum, { seconds }) => sum + seconds, 0))
      const { findings } = await verifyFolder({ directory })
      expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
    }
    figures(`${what}, restarted within the burst: missing in the end`, holes)
  })
})
