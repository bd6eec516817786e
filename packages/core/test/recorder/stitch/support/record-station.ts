import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Format } from '../../../../src/formats/format.js'
import type { RecordingLine } from '../../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../../src/ledger/ledger.js'
import type { RecorderOptions } from '../../../../src/recorder/options.js'
import type { Source } from '../../../../src/sources/source.js'
import { Never } from '../../../../src/splitters/never.js'
import { Recorder } from '../../../../src/station/recorder.js'
import { MemoryStorage } from '../../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../../src/testing/fake-clock.js'
import { expectAllClosed, expectLedgerLaw } from '../../../support/ledger-law.js'
import type { Programme } from './broadcast.js'

export const START = Date.UTC(2026, 10, 22, 12)

/** Records a station for some seconds of a clock of its own, and tells what became of it. */
export async function recordStation(
  source: Source,
  format: Format,
  seconds: number,
  options: Partial<RecorderOptions> = {},
  during?: (recorder: Recorder, clock: FakeClock) => Promise<void>,
) {
  const clock = new FakeClock(START)
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const frames: Uint8Array[] = []
  const gaps: { readonly from: number; readonly seconds: number }[] = []
  const warnings: string[] = []
  const recorder = new Recorder({
    ...{ source, storage, ledger, clock },
    timeZone: 'UTC',
    formats: [format],
    splitter: new Never(),
    retry: { maxAttempts: 0, delayMs: 100, maxDelayMs: 100 },
    stallTimeoutMs: 2000,
    taps: [
      {
        open: () => ({
          write(span) {
            for (let frame = 0; frame < span.frames; frame++) frames.push(Uint8Array.from(span.frame(frame)))
          },
          close: () => {},
        }),
      },
    ],
    ...options,
  })
  recorder.on('gap', (gap) => void gaps.push(gap))
  recorder.on('warning', ({ code, message }) => void warnings.push(`${code}: ${message}`))
  recorder.start()
  if (during) await during(recorder, clock)
  else await clock.advance(seconds * 1000)
  const { status } = recorder
  await recorder.stop()
  const { entries } = ledger
  expectLedgerLaw(entries)
  expectAllClosed(entries)
  const lines = entries.filter((entry): entry is RecordingLine => entry.type === 'recording')
  const seams = entries.filter((entry) => entry.type === 'seam')
  return { frames, gaps, warnings, entries, lines, seams, status, storage, clock }
}

/** Where in a programme the frames stand; -1 when they are not a stretch of it, each once and in order. */
export function placeIn({ frames }: Programme, recorded: readonly Uint8Array[]): number {
  const same = (one: Uint8Array, other: Uint8Array | undefined) =>
    other !== undefined && one.length === other.length && one.every((byte, index) => byte === other[index])
  for (let at = 0; at + recorded.length <= frames.length; at++) {
    if (recorded.every((frame, index) => same(frame, frames[at + index]))) return at
  }
  return -1
}

/** Times of the recordings, in milliseconds from the start of the test. */
export function timesOf(lines: readonly RecordingLine[]) {
  return lines.map(({ startedAt, durationSeconds }) => {
    const from = Date.parse(startedAt) - START
    return { from, to: from + durationSeconds * 1000 }
  })
}

/** A folder for files to be judged. */
export const newFolder = () => mkdtempSync(join(tmpdir(), 'isr-seam-'))
