import { readFileSync, readdirSync } from 'node:fs'
import { NumberedStation, compareRecordings, comparisonText, numberedStream } from '@isr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../../rig/temp-dir.js'
import { waitUntil } from '../../rig/wait-until.js'
import { figures } from '../figures.js'
import { BUILD_MS, build, startRecorders } from '../record-many.js'

/** An hour with `npm run soak`; so short it only proves that the measurement works, and that nothing is lost. */
const SECONDS = Number(process.env.ISR_STEADY_SECONDS ?? 4)
const IS_LONG = SECONDS >= 600
const SOURCES = IS_LONG ? 100 : 20
/** Until then code is compiled, heaps and buffers find their size: it says nothing of the hours after it. */
const WARM_UP_SECONDS = IS_LONG ? 600 : 1
const MOST_MB_PER_HOUR = 1

describe('sources that are recorded for long', () => {
  beforeAll(build, BUILD_MS)

  it(`${SOURCES} for ${SECONDS} s: nothing is lost, memory and descriptors stay`, async () => {
    const directory = tempDir('isr-steady-')
    await using station = await NumberedStation.start({ stream: numberedStream('mp3', 1), everyMs: 200 })
    const names = Array.from({ length: SOURCES }, (_, index) => `s${index}`)
    const isr = await startRecorders(
      names.map((name) => ({ name, url: `${station.url}${name}`, directory, splitSeconds: IS_LONG ? 60 : 3600 })),
    )
    const samples: { seconds: number; megabytes: number; descriptors: number }[] = []
    try {
      const listening = () => station.sent.filter(({ frames }) => frames > 0).length >= SOURCES
      await waitUntil('everybody listens', listening, 60_000)
      await pause(WARM_UP_SECONDS)
      const began = performance.now()
      for (let seconds = 0; seconds < SECONDS; seconds = (performance.now() - began) / 1000) {
        // what waits for the collector, and then in malloc for the next second, comes and goes by tens of megabytes
        process.kill(isr.pid, 'SIGUSR2')
        await pause(IS_LONG ? 2 : 0.2)
        samples.push({ seconds, megabytes: rssMb(isr.pid), descriptors: readdirSync(`/proc/${isr.pid}/fd`).length })
        await pause(IS_LONG ? 28 : 0.5)
      }
    } finally {
      expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
    }
    expect(isr.output()).toBe('')
    for (const name of names) {
      const listeners = station.listeners.filter(({ connection }) => connection.request.path === `/${name}`)
      const sent = listeners.map((listener) => listener.sent)
      const comparison = await compareRecordings({ directory, source: name, sent })
      expect(comparison.isPerfect, comparisonText(comparison)).toBe(true)
      expect(comparison.holes, comparisonText(comparison)).toEqual([])
    }
    const slope = slopeOf(samples.map(({ seconds, megabytes }) => [seconds / 3600, megabytes]))
    figures(
      `${SOURCES} sources for ${SECONDS} s: resident memory`,
      samples.map(({ megabytes }) => megabytes),
      'MB',
    )
    figures(
      'descriptors',
      samples.map(({ descriptors }) => descriptors),
      '',
    )
    console.log(`measured: slope ${slope.toFixed(2)} MB/h`)
    if (!IS_LONG) return
    expect(slope).toBeLessThanOrEqual(MOST_MB_PER_HOUR)
    const counts = samples.map(({ descriptors }) => descriptors)
    // a file that ends and the next one overlap
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(SOURCES)
  })
})

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** Least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [middleX, middleY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const up = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0)
  return up / points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0)
}

function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
