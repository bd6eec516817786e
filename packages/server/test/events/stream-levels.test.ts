import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configOrThrow, parseConfig, Station } from '@isr/core'
import { NumberedStation, numberedStream } from '@isr/core/testing'
import { expect, it, vi } from 'vitest'
import { startServer } from '../support.js'

/** After that a stream whose bytes nobody waits for is read once a second. */
const RELAXED_MS = 6500

it(
  'tells the levels of an HTTP stream four times a second, as long as somebody asks',
  { timeout: 60_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'isr-stream-levels-'))
    await using radio = await NumberedStation.start({ stream: numberedStream('mp3', 1) })
    const text = `[general]\noutput_directory = ${directory}\n[one]\nurl = ${radio.url}one\n[two]\nurl = ${radio.url}two\n`
    const station = new Station({ config: configOrThrow(parseConfig(text)) })
    const served = await startServer({ directory, station })
    try {
      station.start()
      await new Promise((resolve) => setTimeout(resolve, RELAXED_MS))
      expect(station.status.sources.map(({ state, level }) => [state, level])).toEqual(
        Array(2).fill(['recording', undefined]),
      )
      const heard: Record<string, number[]> = { one: [], two: [] }
      const request = get(`${served.server.url}/api/events?levels=1`, (response) => {
        response.setEncoding('utf8').on('data', (part: string) => {
          for (const [, source] of part.matchAll(/event: level\ndata: {"source":"(\w+)"/g))
            heard[source].push(Date.now())
        })
      })
      request.on('error', () => {})
      // the machine may be busy: sooner or later there is a second that is not
      for (const times of Object.values(heard))
        await vi.waitFor(() => expect(smoothSpans(times)).toBeGreaterThan(0), { timeout: 20_000, interval: 100 })
      request.destroy()
      const levels = () => station.status.sources.map(({ level }) => level)
      await vi.waitFor(() => expect(levels()).toEqual([undefined, undefined]), { timeout: 10_000 })
    } finally {
      await station.stop()
      await served.close()
      rmSync(directory, { recursive: true, force: true })
    }
  },
)

/** How many spans of two seconds have a level in each of their eight quarters, give or take one. */
function smoothSpans(times: readonly number[]): number {
  return times.filter((began, index) => {
    const inside = times.slice(index).filter((time) => time < began + 2000)
    const pauses = inside.slice(1).map((time, at) => time - inside[at])
    return inside.length >= 7 && inside.length <= 9 && Math.max(...pauses) < 600
  }).length
}
