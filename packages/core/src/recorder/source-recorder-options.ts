import type { Format, SplitJoin } from '../formats/format.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Source } from '../sources/source.js'
import type { Splitter } from '../splitters/splitter.js'
import type { Storage } from '../storages/storage.js'
import type { Clock } from '../time/clock.js'
import type { SilenceOptions } from '../analysis/silence/silence-alarm.js'
import type { LevelOptions } from './levels/level-options.js'
import type { Naming } from './run/naming.js'
import type { EarlierAudio } from './stitch/earlier-audio.js'
import type { RetrySettings } from './supervision/retry.js'
import type { RecordingTap } from './tap.js'
import type { TriggerSettings } from './trigger/trigger-options.js'

/** Everything a {@link SourceRecorder} works with; nothing has a default here. */
export interface SourceRecorderOptions {
  /** What to record. */
  readonly source: Source
  /** Where recordings go. */
  readonly storage: Storage
  /** Where the truth is kept. */
  readonly ledger: Ledger
  /** When a file ends. */
  readonly splitter: Splitter
  /** How files get their names. */
  readonly naming: Naming
  /** Formats that may be recorded. */
  readonly formats: readonly Format[]
  /** How files join. */
  readonly splitJoin: SplitJoin
  /** Hidden pre-roll of exact Opus files, in milliseconds. */
  readonly opusPrerollMs: number
  /** How to try again. */
  readonly retry: RetrySettings
  /** Too little audio for this long counts as a disconnect. */
  readonly stallTimeoutMs: number
  /** How much received audio is kept in memory until it is durable, in seconds. */
  readonly bufferSeconds: number
  /** What is measured while it is recorded. Default: PCM, while somebody listens to `level`. */
  readonly levels?: LevelOptions
  /** Tells of silence that lasts. Default: nobody cares. */
  readonly silence?: SilenceOptions
  /** Only sound is recorded. Default: everything is. */
  readonly trigger?: TriggerSettings
  /** Whether the loudness of PCM is measured while it is recorded. Default false. */
  readonly loudness?: boolean
  /** See every file while it is recorded. Default none. */
  readonly taps?: readonly RecordingTap[]
  /** Time and timers. */
  readonly clock: Clock
  /** 0 <= n < 1, for jitter. */
  readonly random: () => number
  /** What an earlier process has recorded, so that a burst which reaches back joins it. Default nothing. */
  readonly earlier?: Promise<EarlierAudio | undefined>
  /** Called after the last file, before `finished` resolves; must not reject. */
  readonly onEnd?: () => Promise<void>
  /** Stops gracefully, as `stop()` does. */
  readonly signal?: AbortSignal
}
