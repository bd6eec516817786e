import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { verifyFolder } from '@isr/core'
import { FaultDisk, NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../rig/temp-dir.js'
import { waitUntil } from '../rig/wait-until.js'
import { build } from '../support/isr.js'
import { BUILD_MS } from './record-many.js'
import { recordStation, rssMb, sentTo, servedAt } from './record-station.js'
import { newestOnDisk, noDisks } from './disk-recording.js'
import { figures } from './figures.js'
import { startLateness } from './lateness.js'

/** 100 sources and 30 s with `npm run soak`. */
const SOURCES = Number(process.env.ISR_BLOCKED_SOURCES ?? 20)
const SECONDS = Number(process.env.ISR_BLOCKED_SECONDS ?? 5)
const IS_LONG = SECONDS >= 30
const MOST_GROWTH_MB = 60
/** Of what it grew by, when the disk is back. */
const MOST_KEPT_MB = 30
/** Until then memory grows by itself: code is compiled, the heap finds its size. */
const WARM_UP_SECONDS = IS_LONG ? 60 : 3
const GIVEN_BACK_SECONDS = IS_LONG ? 60 : 1
const ANSWER_SECONDS = 0.5

describe.runIf(noDisks === undefined)('a disk that hangs', () => {
  beforeAll(build, BUILD_MS)

  it(`for ${SECONDS} s under ${SOURCES} sources: nothing is lost, and another disk goes on`, async () => {
    await using disk = await FaultDisk.ext4({ sizeMb: IS_LONG ? 768 : 256 })
    const folder = tempDir('isr-blocked-')
    const directories = [join(folder, 'healthy'), join(disk.folder, 'blocked')]
    // one station for all: every source is a listener of its own, and all are sent the same
    await using station = await NumberedStation.start({ stream: numberedStream('mp3', 1), everyMs: 100 })
    const blocked = Array.from({ length: SOURCES }, (_, index) => `s${index}`)
    for (const directory of directories) mkdirSync(directory)
    const isr = await recordStation(folder, [
      { name: 'other', directory: directories[0], station },
      ...blocked.map((name) => ({ name, directory: directories[1], station })),
    ])
    const other = { directory: directories[0], station }
    const lateness = startLateness()
    let growthMb: number
    let keptMb: number
    let answers: readonly number[]
    try {
      const url = await servedAt(isr)
      const seconds = (least: number) => () =>
        station.listeners.length > SOURCES &&
        station.sent.every(({ frames }) => frames * station.stream.frameSeconds >= least)
      await waitUntil('everybody is recorded', seconds(WARM_UP_SECONDS), 120_000)
      const before = rssMb(isr.pid)
      const newest = newestOnDisk(other)
      const frozen = disk.freeze(SECONDS)
      answers = await askUntil(frozen, url)
      growthMb = rssMb(isr.pid) - before
      const goneOnSeconds = (newestOnDisk(other) - newest) * station.stream.frameSeconds
      expect(goneOnSeconds).toBeGreaterThan(SECONDS - 2)
      await waitUntil('everybody is recorded again', seconds(WARM_UP_SECONDS + SECONDS + 3), 60_000)
      await new Promise((resolve) => setTimeout(resolve, GIVEN_BACK_SECONDS * 1000))
      keptMb = rssMb(isr.pid) - before
    } finally {
      expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
    }
    const lateSeconds = lateness.stop()
    figures('the API of the healthy disk answers meanwhile', answers)
    figures(`disk blocked for ${SECONDS} s under ${SOURCES} sources: memory grew`, [growthMb], 'MB')
    figures(`of which it still has ${GIVEN_BACK_SECONDS} s after it was caught up`, [keptMb], 'MB')
    for (const [index, name] of ['other', ...blocked].entries()) {
      const comparison = await compareRecordings({
        directory: directories[Math.min(index, 1)],
        source: name,
        sent: sentTo(station, name),
      })
      expect(comparison.isPerfect, comparisonText(comparison)).toBe(true)
      expect(comparison.holes, comparisonText(comparison)).toEqual([])
      expect(comparison.unreadSeconds, comparisonText(comparison)).toBeLessThan(1.5 + lateSeconds)
    }
    for (const directory of directories) {
      const { findings } = await verifyFolder({ directory })
      expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
    }
    expect(growthMb).toBeLessThan(MOST_GROWTH_MB)
    // a server that waited for the disk would answer when it is back; how soon it does is a matter of the machine
    expect(answers.length).toBeGreaterThan(SECONDS)
    expect(Math.max(...answers)).toBeLessThan(IS_LONG ? ANSWER_SECONDS : SECONDS / 2)
    if (IS_LONG) expect(keptMb).toBeLessThan(MOST_KEPT_MB)
  })
})

/** Asks until `end`. @returns how long each answer took, in seconds */
async function askUntil(end: Promise<unknown>, url: string): Promise<number[]> {
  let isOver = false
  void end.finally(() => (isOver = true))
  const seconds: number[] = []
  while (!isOver) {
    for (const path of ['/api/files', '/api/status', '/metrics']) {
      const began = performance.now()
      const response = await fetch(url + path)
      expect(response.status, path).toBe(200)
      await response.arrayBuffer()
      seconds.push((performance.now() - began) / 1000)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await end
  return seconds
}
