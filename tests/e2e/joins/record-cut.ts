import { join } from 'node:path'
import { FileSource, Recorder, type Source, type SplitJoin } from '@isr/core'
import { ScriptedSource } from '@isr/core/testing'
import { readLedger, type LedgerFile, type RecordingLine } from '../support/ledger-file.js'
import { CutsAt, randomIntegers } from './random-cuts.js'

/** A file of a recording that was cut. */
export interface Part {
  readonly path: string
  /** What the ledger says of it. */
  readonly line: RecordingLine
}

/** A stream that was recorded into many files. */
export interface CutRecording {
  /** In the order of the stream. */
  readonly parts: readonly Part[]
  readonly ledger: LedgerFile
}

/** How a stream is recorded. */
export interface CutOptions {
  /** Frames before which a new file begins. */
  readonly cuts: readonly number[]
  /** Folder for the recordings, not there yet. */
  readonly folder: string
  readonly opusPrerollMs?: number
  readonly splitJoin?: SplitJoin
}

/** Records a source with the recorder of the library, everything at its default but the splitter, until it ends. */
export async function recordCut(source: Source, options: CutOptions): Promise<CutRecording> {
  const recorder = new Recorder({
    source,
    storage: options.folder,
    splitter: new CutsAt(options.cuts),
    timeZone: 'UTC',
    ...(options.opusPrerollMs !== undefined && { opusPrerollMs: options.opusPrerollMs }),
    ...(options.splitJoin && { splitJoin: options.splitJoin }),
  })
  recorder.start()
  const { state, error } = await recorder.finished
  if (state !== 'stopped') throw error ?? new Error(`the recorder ${state}`)
  const ledger = readLedger(options.folder)
  const lines = [...ledger.recordings].sort((a, b) => a.seq - b.seq)
  return { parts: lines.map((line) => ({ path: join(options.folder, line.name), line })), ledger }
}

/** The bytes of a file as a source. */
export function fileSource(path: string): Source {
  return new FileSource({ path, name: 'file' })
}

/** Bytes that arrive in chunks of every size, as from a network: none, one byte, a few, many. */
export function chunkedSource(bytes: Uint8Array, seed: number): Source {
  return new ScriptedSource('chunks', [{ pace: 'unpaced', end: 'clean', steps: chunks(bytes, seed) }], { finite: true })
}

function* chunks(bytes: Uint8Array, seed: number): Generator<{ readonly bytes: Uint8Array }> {
  const random = randomIntegers(seed)
  for (let at = 0; at < bytes.length;) {
    const size = random(3) === 0 ? random(9) : random(random(2) === 0 ? 1500 : 40_000)
    yield { bytes: bytes.subarray(at, at + size) }
    at += size
  }
}
