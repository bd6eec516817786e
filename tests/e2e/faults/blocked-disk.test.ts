import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyFolder } from '@isr/core'
import { FaultDisk, NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../rig/temp-dir.js'
import { waitUntil } from '../rig/wait-until.js'
import { BUILD_MS, build, startRecorders } from './record-many.js'
import { newestOnDisk, noDisks } from './disk-recording.js'
import { figures } from './figures.js'

/** 100 sources and 30 s with `npm run soak`. */
const SOURCES = Number(process.env.ISR_BLOCKED_SOURCES ?? 20)
const SECONDS = Number(process.env.ISR_BLOCKED_SECONDS ?? 5)
const MOST_GROWTH_MB = 60

describe.runIf(noDisks === undefined)('a disk that hangs', () => {
  beforeAll(build, BUILD_MS)

  it(`for ${SECONDS} s under ${SOURCES} sources: nothing is lost, and another disk goes on`, async () => {
    await using disk = await FaultDisk.ext4({ sizeMb: 256 })
    const folder = tempDir('isr-blocked-')
    const directories = [join(folder, 'healthy'), join(disk.folder, 'blocked')]
    // one station for all: every source is a listener of its own, and all are sent the same
    await using station = await NumberedStation.start({ stream: numberedStream('mp3', 1), everyMs: 100 })
    const blocked = Array.from({ length: SOURCES }, (_, index) => `s${index}`)
    const recorder = (name: string, directory: string) => ({ name, url: `${station.url}${name}`, directory })
    const sources = [recorder('other', directories[0]), ...blocked.map((name) => recorder(name, directories[1]))]
    const isr = await startRecorders(sources)
    const other = { directory: directories[0], station }
    let growthMb: number
    try {
      const seconds = (least: number) => () =>
        station.listeners.length > SOURCES &&
        station.sent.every(({ frames }) => frames * station.stream.frameSeconds >= least)
      await waitUntil('everybody is recorded', seconds(3), 60_000)
      const before = rssMb(isr.pid)
      const newest = newestOnDisk(other)
      await disk.freeze(SECONDS)
      growthMb = rssMb(isr.pid) - before
      const goneOnSeconds = (newestOnDisk(other) - newest) * station.stream.frameSeconds
      expect(goneOnSeconds).toBeGreaterThan(SECONDS - 2)
      await waitUntil('everybody is recorded again', seconds(SECONDS + 6), 60_000)
    } finally {
      expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
    }
    figures(`disk blocked for ${SECONDS} s under ${SOURCES} sources: memory grew`, [growthMb], 'MB')
    for (const [index, name] of ['other', ...blocked].entries()) {
      const sent = station.listeners
        .filter(({ connection }) => connection.request.path === `/${name}`)
        .map((listener) => listener.sent)
      const comparison = await compareRecordings({ directory: directories[Math.min(index, 1)], source: name, sent })
      expect(comparison.isPerfect, comparisonText(comparison)).toBe(true)
      expect(comparison.holes, comparisonText(comparison)).toEqual([])
      expect(comparison.unreadSeconds, comparisonText(comparison)).toBeLessThan(1.5)
    }
    for (const directory of directories) {
      const { findings } = await verifyFolder({ directory })
      expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
    }
    expect(growthMb).toBeLessThan(MOST_GROWTH_MB)
  })
})

function rssMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
