import type { IsrError } from '../errors.js'
import type { DiscardReason, EpochMs, Recording, StreamMetadata } from '../model.js'
import type { Loudness } from '../analysis/loudness/loudness.js'
import type { SilenceEnd, SilenceStart } from '../analysis/silence/silence-alarm.js'
import type { LevelReading } from './levels/level-announcer.js'
import type { TriggerEnd, TriggerStart } from './trigger/trigger-options.js'

/** What a recorder is doing. `stopped` is final; `failed` is, unless a source that was given up is tried again (`retry.probeMs`). */
export type RecorderState = 'idle' | 'connecting' | 'recording' | 'waiting' | 'stopping' | 'stopped' | 'failed'

/** Everything a recorder announces. The payload is always one object that names its source. */
export interface RecorderEvents {
  /** The state changed. */
  state: (event: { readonly source: string; readonly from: RecorderState; readonly to: RecorderState }) => unknown
  /** A run began: a connection is open and its audio is understood. */
  'run:start': (event: {
    readonly source: string
    readonly run: string
    readonly at: EpochMs
    readonly facts: Readonly<Record<string, string>>
  }) => unknown
  /** A run ended. */
  'run:end': (event: {
    readonly source: string
    readonly run: string
    readonly at: EpochMs
    readonly receivedBytes: number
    readonly cause: IsrError
  }) => unknown
  /** A file was created; its first bytes follow. */
  'recording:open': (recording: Recording) => unknown
  /** A file is complete and on disk. */
  'recording:close': (recording: Recording) => unknown
  /** A recording was removed by the rules that keep space free; its ledger tells so. */
  'recording:remove': (event: {
    readonly source: string
    readonly name: string
    readonly at: EpochMs
    readonly sizeBytes: number
    /** Older than `keep_days`, more than `keep_gb`, or less room than `min_free_gb`. */
    readonly reason: 'age' | 'size' | 'space'
  }) => unknown
  /** Time that was not recorded. */
  gap: (event: {
    readonly source: string
    readonly from: EpochMs
    readonly to: EpochMs
    readonly seconds: number
    readonly cause: IsrError
  }) => unknown
  /** A run goes on, without a gap, where the one before ended: what came again after a reconnect was recognised and left out. */
  seam: (event: {
    readonly source: string
    /** The run that begins. */
    readonly run: string
    /** The run that it goes on from. */
    readonly previousRun: string
    /** Frames that came again and were not kept. */
    readonly overlapFrames: number
    /** End of that run, start of this one. */
    readonly at: EpochMs
  }) => unknown
  /** Received bytes that were not kept. */
  discard: (event: {
    readonly source: string
    readonly at: EpochMs
    readonly bytes: number
    readonly reason: DiscardReason
  }) => unknown
  /** Titles and station facts changed. */
  metadata: (event: { readonly source: string; readonly at: EpochMs; readonly values: StreamMetadata }) => unknown
  /** How loud it is: at most four times a second, measured only while somebody listens, or levels are followed anyway. */
  level: (event: LevelReading & { readonly source: string }) => unknown
  /** It has been silent for longer than the dead-air alarm waits. A source that is gone has events of its own. */
  'silence:start': (event: SilenceStart & { readonly source: string }) => unknown
  /** Something is to be heard again, or the audio has ended. Follows each `silence:start`. */
  'silence:end': (event: SilenceEnd & { readonly source: string }) => unknown
  /** Sound-activated recording: something is to be heard, and recorded. */
  'trigger:start': (event: TriggerStart & { readonly source: string }) => unknown
  /** Sound-activated recording: it is quiet again, or the audio has ended. Follows each `trigger:start`. */
  'trigger:end': (event: TriggerEnd & { readonly source: string }) => unknown
  /** How loud a recording is, measured while it was made. */
  loudness: (event: Loudness & { readonly source: string; readonly name: string }) => unknown
  /** An attempt failed; the next comes at `retryAt`. */
  retry: (event: {
    readonly source: string
    readonly attempt: number
    readonly retryAt: EpochMs
    readonly cause: IsrError
  }) => unknown
  /** Something was survived; recording goes on. */
  warning: (event: { readonly source: string; readonly code: string; readonly message: string }) => unknown
  /**
   * Received audio is not durable for more than 5 s (or three times the `syncSeconds` of the storage), or is again. What is not durable
   * is in memory, and is lost when the recorder is ended by force.
   */
  durability: (event: {
    readonly source: string
    readonly at: EpochMs
    /** Whether it is late now; false tells that it is well again. */
    readonly isLate: boolean
    /** Age of the oldest frame that is not durable. */
    readonly lagSeconds: number
    /** Audio that is not durable, in seconds. */
    readonly bufferedSeconds: number
    /** Its size in memory. */
    readonly bufferedBytes: number
  }) => unknown
  /** The recorder gave up, a volume failed (once for each outage: recording goes on in memory), or a plug-in did. */
  error: (event: { readonly source: string; readonly error: IsrError }) => unknown
}

/** The name of every event of {@link RecorderEvents}, for those who listen to all of them. */
export const RECORDER_EVENTS: readonly (keyof RecorderEvents)[] = Object.keys({
  state: true,
  'run:start': true,
  'run:end': true,
  'recording:open': true,
  'recording:close': true,
  'recording:remove': true,
  gap: true,
  seam: true,
  discard: true,
  metadata: true,
  level: true,
  'silence:start': true,
  'silence:end': true,
  'trigger:start': true,
  'trigger:end': true,
  loudness: true,
  retry: true,
  warning: true,
  durability: true,
  error: true,
} satisfies Record<keyof RecorderEvents, true>) as (keyof RecorderEvents)[]

/** A snapshot of a recorder, cheap enough to take several times a second. */
export interface RecorderStatus {
  /** Name of the source. */
  readonly source: string
  /** What it is doing. */
  readonly state: RecorderState
  /** The file being written; absent between files. */
  readonly recording?: Recording
  /** Files closed since the start. */
  readonly recordings: number
  /** Bytes received since the start, after transport decoding. */
  readonly receivedBytes: number
  /** Rate of the audio being received, in bits per second, over the last seconds; 0 when nothing comes. */
  readonly bitrateBps: number
  /** Seconds of audio recorded since the start. */
  readonly recordedSeconds: number
  /** Age of the oldest received frame that is not durable yet, in seconds; 0 when all are. */
  readonly durabilityLagSeconds: number
  /** Received audio that is in memory because it is not durable yet, in seconds. */
  readonly bufferedSeconds: number
  /** Its size, in bytes. */
  readonly bufferedBytes: number
  /** Present while the volume of the recordings takes nothing: audio waits in memory, and the volume is tried again. */
  readonly storage?: {
    /** Since when. */
    readonly failingSince: EpochMs
    /** Stable code of the latest fault. */
    readonly code: string
  }
  /** Gaps since the start. */
  readonly gaps: number
  /** How loud it is now; absent while nothing is measured. */
  readonly level?: LevelReading
  /** Since when it has been too silent; absent while the dead-air alarm is not on. */
  readonly silentSince?: EpochMs
  /** Reconnects without a gap since the start. */
  readonly seams: number
  /** Received bytes that are in no recording, since the start, by reason: `duplicate` is what came again after a reconnect. */
  readonly discardedBytes: Readonly<Partial<Record<DiscardReason, number>>>
  /** Address in use, or used last, after redirects and without secrets; absent where the source tells none. */
  readonly url?: string
  /** Latest title; absent when none is known. */
  readonly title?: string
  /** Latest error; absent when there was none. */
  readonly lastError?: {
    /** When. */
    readonly at: EpochMs
    /** Stable code. */
    readonly code: string
    /** What, where and how to mend it. */
    readonly message: string
  }
  /** When the next attempt comes; only while `waiting`. */
  readonly retryAt?: EpochMs
}
