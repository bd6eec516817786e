import { toIsrError, type IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import { checkFile, type CheckedFile } from '../../recovery/reading/check-file.js'
import { newRunId } from '../../recorder/run/run-id.js'
import type { Storage, StoredFile } from '../../storages/storage.js'
import type { Clock } from '../../time/clock.js'
import { ADOPTED_RUN, LEDGER_VERSION, type FileFacts, type RecordingLine } from '../entry.js'
import type { Ledger } from '../ledger.js'
import { ledgerTime } from '../ledger-time.js'
import { lookAtFile } from './look-at-file.js'
import type { KnownNaming } from './name-facts.js'

/** What {@link adopt} works with. */
export interface AdoptOptions {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly formats: readonly Format[]
  readonly clock: Clock
  /** Files to take in; those that the ledger knows already are not among them. */
  readonly files: readonly StoredFile[]
  /** How names may have been made. */
  readonly namings: readonly KnownNaming[]
  /** Source of files that do not tell theirs. */
  readonly source: string
  /** IANA zone of times in names that no naming tells. Default the system's. */
  readonly timeZone?: string
  /** Ends between two files. */
  readonly signal?: AbortSignal
}

/** One file that was looked at. */
export interface AdoptOutcome {
  /** Storage key. */
  readonly name: string
  /** Its line in the ledger; absent when it was not taken in. */
  readonly recording?: RecordingLine
  /** Where its time comes from: its tags, its name, or the time of its last change. */
  readonly timeFrom?: 'tags' | 'name' | 'file'
  /** Why it was not taken in. */
  readonly reason?: string
  /** Why it could not be read. */
  readonly error?: IsrError
}

/** A file that has changed within the last minute may still grow. */
const QUIET_MS = 60_000

/**
 * Takes files that no ledger knows into it: durations by counting frames, times from tags or names. Each is a run of its own, for
 * nobody knows how they were received. The files are not touched, and no line that stands in the ledger is changed.
 */
export async function* adopt(options: AdoptOptions): AsyncGenerator<AdoptOutcome> {
  for (const file of options.files) {
    if (options.signal?.aborted) return
    try {
      yield await adoptFile(file, options)
    } catch (error) {
      yield { name: file.name, error: toIsrError(error, 'ISR_STORAGE_FAILED') }
    }
  }
}

async function adoptFile(file: StoredFile, options: AdoptOptions): Promise<AdoptOutcome> {
  const { storage, ledger, clock } = options
  const { name, modifiedAt } = file
  if (Math.abs(clock.now() - modifiedAt) < QUIET_MS)
    return { name, reason: 'it has just been changed and may still grow' }
  const look = await lookAtFile(file, options)
  if (!look) return { name, reason: 'it holds no audio of a format that is recorded' }
  const { format, layout, named } = look
  const { framesStartByte: headerBytes = 0, prerollFrames = 0 } = layout ?? {}
  const checked = await checkFile(storage.read(name), { format, headerBytes, prerollFrames })
  const { header, frames, samples } = checked.totals
  if (!header || frames === 0) return { name, reason: 'no whole frame is in it' }
  const seconds = samples / header.info.sampleRateHz
  const startedAt = look.startedAt ?? modifiedAt - seconds * 1000
  const { time, utcOffset } = ledgerTime(startedAt, named?.timeZone ?? options.timeZone)
  const facts: FileFacts = {
    v: LEDGER_VERSION,
    source: look.source ?? options.source,
    run: `${ADOPTED_RUN}${newRunId(startedAt)}`,
    name,
    startedAt: time,
    utcOffset,
    format: format.name,
    codec: header.info.codec,
    sampleRate: header.info.sampleRateHz,
    channels: header.info.channels,
  }
  const recording = recordingLine(facts, checked, headerBytes)
  void ledger.append({ ...facts, type: 'open', seq: 0, headerBytes, prerollFrames: recording.prerollFrames })
  void ledger.append(recording)
  return { name, recording, timeFrom: layout?.startedAt !== undefined ? 'tags' : named ? 'name' : 'file' }
}

function recordingLine(facts: FileFacts, checked: CheckedFile, headerBytes: number): RecordingLine {
  const { totals, bytes, sha256, headerSha256 } = checked
  return {
    ...facts,
    type: 'recording',
    seq: 0,
    samples: totals.samples,
    durationSeconds: totals.samples / facts.sampleRate,
    bytes,
    headerBytes,
    receivedBytes: totals.frameBytes,
    sha256,
    headerSha256,
    frames: totals.frames,
    prerollFrames: totals.prerollFrames,
    prerollSamples: totals.prerollSamples,
    closedBy: 'recovered',
    titles: [],
  }
}
