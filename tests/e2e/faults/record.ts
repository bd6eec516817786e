import { join } from 'node:path'
import { Recorder, type RecorderOptions } from '@isr/core'
import { compareRecordings, comparisonText, type Comparison, type NumberedStation } from '@isr/core/testing'
import { expect } from 'vitest'
import { checkFiles, VERBATIM_MP3 } from '../rig/checkers.js'
import { tempDir } from '../rig/temp-dir.js'
import { waitUntil } from '../rig/wait-until.js'
import { lawBreaks, readLedger } from '../support/ledger-file.js'
import { startLateness } from './lateness.js'

/** What a recorder did with a station, and what it announced. */
export interface Recorded {
  readonly directory: string
  readonly comparison: Comparison
  readonly events: readonly string[]
  /** How late this process was at most, station and recorder alike, in seconds. */
  readonly lateSeconds: number
}

export type Options = Partial<Omit<RecorderOptions, 'source' | 'storage'>>

/** Recorders of tests are quick to try again and to notice. */
export const QUICK: Options = { stallTimeoutMs: 5000, retry: { maxAttempts: 0, delayMs: 300, maxDelayMs: 1000 } }

/** Records `station` while `during` lasts, stops, and compares. */
export async function record(
  station: NumberedStation,
  during: (recorder: Recorder) => Promise<unknown>,
  options: Options = {},
): Promise<Recorded> {
  const directory = tempDir('isr-fault-')
  const events: string[] = []
  const recorder = new Recorder({ ...QUICK, source: station.url, storage: directory, ...options })
  recorder.on('run:end', ({ cause }) => events.push(cause.code))
  recorder.on('retry', ({ cause }) => events.push(cause.code))
  recorder.on('error', ({ error }) => events.push(error.code))
  const lateness = startLateness()
  recorder.start()
  try {
    await during(recorder)
    // what was sent need not have been read yet
    await waitUntil('audio', () => recorder.status.recordedSeconds > 0)
  } finally {
    await recorder.stop()
  }
  const lateSeconds = lateness.stop()
  const comparison = await compareRecordings({ directory, sent: station.sent })
  return { directory, comparison, events, lateSeconds }
}

/** What may differ from perfection. */
export interface Allowances {
  /** What the recorder may leave unread when it stops, in seconds. Default 1.5: live bodies wait in the kernel until the next tick. */
  readonly unreadSeconds?: number
  /** Whole frames next to damage that nobody can tell from torn ones: the ledger tells of them as `sync`. Default 0. */
  readonly doubtfulFrames?: number
}

/** Nothing is lost, doubled, damaged or hidden; the ledger's law holds; every file satisfies every checker. */
export async function expectPerfect(recorded: Recorded, allowed: Allowances = {}): Promise<void> {
  const { directory, comparison, lateSeconds } = recorded
  const text = comparisonText(comparison)
  const { unreadSeconds = 1.5, doubtfulFrames = 0 } = allowed
  const { doubled, misordered, damaged, unknown, strayBytes } = comparison
  expect({ doubled, misordered, damaged, unknown, strayBytes }, text).toEqual({
    doubled: 0,
    misordered: 0,
    damaged: 0,
    unknown: 0,
    strayBytes: 0,
  })
  if (doubtfulFrames === 0) expect(comparison.isPerfect, text).toBe(true)
  else {
    expect(comparison.lost.length, text).toBeLessThanOrEqual(doubtfulFrames)
    if (comparison.lost.length > 0) expect(comparison.discards.sync, text).toBeGreaterThan(0)
  }
  expect(comparison.recorded, text).toBeGreaterThan(0)
  expect(comparison.unreadSeconds, text).toBeLessThanOrEqual(unreadSeconds + lateSeconds)
  const ledger = readLedger(directory)
  expect(lawBreaks(ledger)).toEqual([])
  // a file of a frame or two is perfect, but no checker knows it from noise
  const long = ledger.recordings.filter(({ durationSeconds }) => durationSeconds > 0.4)
  const paths = long.map(({ name }) => join(directory, name))
  expect(await checkFiles(paths, { allow: VERBATIM_MP3 })).toEqual([])
}
