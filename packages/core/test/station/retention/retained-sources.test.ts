import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Station } from '../../../src/station/station.js'
import { verifyFolder } from '../../../src/station/folder/verify-folder.js'
import { systemClock, type Clock } from '../../../src/time/clock.js'
import { signalSource } from '../../support/signal-station.js'

const FASTER = 40
const startedAt = Date.now()
/** The machine's clock, many times faster. */
const fastClock: Clock = {
  now: () => startedAt + (systemClock.now() - startedAt) * FASTER,
  monotonicMs: () => systemClock.monotonicMs() * FASTER,
  after: (delayMs, callback) => systemClock.after(delayMs / FASTER, callback),
}

it('a station keeps to keep_gb, leaves other sources alone, and verify knows of it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-retained-'))
  const more = { splitMinutes: 0.1, stallTimeoutSeconds: 1000 }
  const sources = [
    // six seconds of 8 kHz are 96 KB
    signalSource('short', directory, { ...more, keepGb: 0.0003, filenamePattern: 'short_%H%M%S' }),
    signalSource('long', directory, { ...more, filenamePattern: 'long_%H%M%S' }),
  ]
  const station = new Station({ config: { sources, logLevel: 'INFO', logFile: '' }, clock: fastClock })
  writeFileSync(join(directory, 'short_foreign.wav'), 'x')
  const removed: string[] = []
  const closed: string[] = []
  const warnings: string[] = []
  station.on('recording:remove', ({ name, reason }) => removed.push(`${name} ${reason}`))
  station.on('recording:close', ({ name }) => closed.push(name))
  station.on('warning', ({ message }) => warnings.push(message))
  station.start()
  await expect.poll(() => removed.length, { timeout: 15_000 }).toBeGreaterThan(8)
  await station.stop()
  const short = closed.filter((name) => name.startsWith('short'))
  expect(removed).toEqual(short.slice(0, removed.length).map((name) => `${name} size`))
  const there = readdirSync(directory)
  expect(there).toContain('short_foreign.wav')
  expect(there.filter((name) => name.startsWith('short_') && name !== 'short_foreign.wav').sort()).toEqual(
    short.slice(removed.length).sort(),
  )
  expect(there.filter((name) => name.startsWith('long_')).sort()).toEqual(
    closed.filter((name) => name.startsWith('long')).sort(),
  )
  expect(statSync(join(directory, short.at(-1)!)).size).toBeGreaterThan(0)
  const { findings } = await verifyFolder({ directory })
  expect(findings.filter(({ name, severity }) => severity === 'fault' && name !== 'short_foreign.wav')).toEqual([])
  expect(warnings).toEqual([])
  rmSync(directory, { recursive: true })
})
