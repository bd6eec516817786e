import type { EpochMs } from '../model.js'
import type { RecorderStatus } from '../recorder/events.js'
import { formatIso } from '../time/strftime.js'

/** A source as `status.json` and the API tell of it: times are ISO 8601 UTC. */
export interface SourceReport
  extends Omit<RecorderStatus, 'recording' | 'lastError' | 'retryAt' | 'level' | 'storage'>, Partial<ActiveFile> {
  /** How loud it is now; absent while nothing is measured. */
  readonly level?: Omit<NonNullable<RecorderStatus['level']>, 'at'>
  /** Present while the volume of the recordings takes nothing: audio waits in memory. */
  readonly storage?: {
    /** Since when. */
    readonly failingSince: string
    /** Stable code of the latest fault. */
    readonly code: string
  }
  /** Latest error; absent when there was none. */
  readonly lastError?: {
    /** When. */
    readonly at: string
    /** Stable code. */
    readonly code: string
    /** What, where and how to mend it. */
    readonly message: string
  }
  /** When the next attempt comes; only while `waiting`. */
  readonly retryAt?: string
}

/** The file that a source is writing. */
interface ActiveFile {
  /** Storage key. */
  readonly file: string
  /** Wall clock of its first sample. */
  readonly startedAt: string
  /** Audio so far. */
  readonly durationSeconds: number
  /** Size so far. */
  readonly sizeBytes: number
}

/** What `status.json` holds. */
export interface StatusReport {
  /** Version of the format, 1. */
  readonly v: 1
  /** Process of the recorder. */
  readonly pid: number
  /** When it was written. */
  readonly updatedAt: string
  /** Storage keys of the files being written. */
  readonly activeFiles: readonly string[]
  /** One entry per source. */
  readonly sources: readonly SourceReport[]
}

/** What every source of a folder is doing. */
export function statusReport(statuses: readonly RecorderStatus[], at: EpochMs): StatusReport {
  return {
    v: 1,
    pid: process.pid,
    updatedAt: formatIso(at),
    activeFiles: statuses.flatMap(({ recording }) => (recording ? [recording.name] : [])),
    sources: statuses.map(sourceReport),
  }
}

function sourceReport({ recording, lastError, retryAt, level, storage, ...rest }: RecorderStatus): SourceReport {
  return {
    ...rest,
    ...(recording && {
      file: recording.name,
      startedAt: formatIso(recording.startedAt),
      durationSeconds: recording.durationSeconds,
      sizeBytes: recording.sizeBytes,
    }),
    ...(level && { level: { rmsDb: level.rmsDb, peakDb: level.peakDb } }),
    ...(storage && { storage: { ...storage, failingSince: formatIso(storage.failingSince) } }),
    ...(lastError && { lastError: { ...lastError, at: formatIso(lastError.at) } }),
    ...(retryAt !== undefined && { retryAt: formatIso(retryAt) }),
  }
}
