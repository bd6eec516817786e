import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A `recording` line: what these tests read of it. */
export interface RecordingLine {
  readonly name: string
  readonly source: string
  readonly run: string
  readonly seq: number
  readonly startedAt: string
  readonly format: string
  readonly codec: string
  readonly sampleRate: number
  readonly samples: number
  readonly durationSeconds: number
  readonly bytes: number
  readonly headerBytes: number
  readonly receivedBytes: number
  readonly sha256: string
  readonly frames: number
  readonly prerollFrames: number
  readonly prerollSamples: number
  readonly closedBy: string
}

/** The lines of a ledger by their type, read as any other program would: nothing of the product's own code. */
export interface LedgerFile {
  readonly recordings: readonly RecordingLine[]
  readonly opens: readonly { readonly name: string; readonly source: string; readonly startedAt: string }[]
  readonly discards: readonly { readonly run: string; readonly bytes: number; readonly reason: string }[]
  readonly gaps: readonly { readonly source: string; readonly seconds: number; readonly cause: string }[]
  readonly runs: readonly {
    readonly source: string
    readonly run: string
    readonly endedAt: string
    readonly receivedBytes: number
  }[]
}

/** Reads `<folder>/.isr/ledger.jsonl`; every line must be whole JSON. */
export function readLedger(folder: string): LedgerFile {
  const text = readFileSync(join(folder, '.isr/ledger.jsonl'), 'utf8')
  if (!text.endsWith('\n')) throw new Error('the last line of the ledger is torn')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string })
  const ofType = <T>(type: string) => lines.filter((line) => line.type === type) as unknown as T[]
  return {
    recordings: ofType('recording'),
    opens: ofType('open'),
    discards: ofType('discard'),
    gaps: ofType('gap'),
    runs: ofType('run'),
  }
}

/** The recordings that the ledger of a recorder that runs tells of so far: its last line may be under way. */
export function recordingsSoFar(folder: string): RecordingLine[] {
  const lines = readFileSync(join(folder, '.isr/ledger.jsonl'), 'utf8').split('\n').slice(0, -1)
  return lines
    .map((line) => JSON.parse(line) as RecordingLine & { type: string })
    .filter(({ type }) => type === 'recording')
}

/**
 * The ledger law, per run: bytes received = bytes that recordings account for + bytes discarded.
 * @returns a line for each run that breaks it
 */
export function lawBreaks(ledger: LedgerFile): string[] {
  return ledger.runs.flatMap(({ source, run, receivedBytes }) => {
    const sum = (lines: readonly { readonly run: string }[], bytes: (line: never) => number) =>
      lines.filter((line) => line.run === run).reduce((total, line) => total + bytes(line as never), 0)
    const kept = sum(ledger.recordings, (line: RecordingLine) => line.receivedBytes)
    const discarded = sum(ledger.discards, (line: { readonly bytes: number }) => line.bytes)
    if (receivedBytes > 0 && kept + discarded === receivedBytes) return []
    return [`${source} run ${run}: received ${receivedBytes}, kept ${kept}, discarded ${discarded}`]
  })
}

/**
 * Names of the recordings that validators can judge: what a stop just behind a boundary leaves is a perfect file of two
 * frames, in which mp3check and mp3val see no MP3 at all. At least one.
 */
export function longEnough(ledger: LedgerFile, leastSeconds = 0.5): string[] {
  const names = ledger.recordings.filter((line) => line.durationSeconds >= leastSeconds).map(({ name }) => name)
  if (names.length === 0) throw new Error('no recording is long enough to be judged')
  return names
}
