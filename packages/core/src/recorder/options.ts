import type { Format, SplitJoin } from '../formats/format.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Source } from '../sources/source.js'
import type { Splitter } from '../splitters/splitter.js'
import type { Storage } from '../storages/storage.js'
import type { Clock } from '../time/clock.js'
import type { EarlierAudio } from './stitch/earlier-audio.js'
import type { LevelOptions } from './levels/level-options.js'
import type { RecordingTap } from './tap.js'

/** How a recorder tries again after a failure. */
export interface RetryOptions {
  /** Retries in a row that may fail before giving up; 0 never gives up. @defaultValue 10 */
  readonly maxAttempts?: number
  /** Pause after the second failure in a row, in milliseconds (the first retry is immediate); doubled each time, with jitter. @defaultValue 5000 */
  readonly delayMs?: number
  /** Longest pause, in milliseconds. @defaultValue 60000 */
  readonly maxDelayMs?: number
  /**
   * Pause between two attempts after giving up, in milliseconds, +-20 %: the state is `failed`, and recording goes on when the source is back.
   * 0 ends the recorder when it gives up. @defaultValue 0
   */
  readonly probeMs?: number
}

/** When silence is too long. */
export interface SilenceAlarmOptions {
  /** Silence for so long raises the alarm, in seconds of audio. */
  readonly seconds: number
  /** It is silent while the RMS over all channels of 100 ms is below this, in dBFS. @defaultValue -50 */
  readonly db?: number
}

/** When sound is recorded. */
export interface TriggerOptions {
  /** Sound is what has an RMS over all channels of at least this in 100 ms, in dBFS. */
  readonly db: number
  /** How much audio before a sound is recorded, too, in seconds, at most 60; it waits in memory. @defaultValue 2 */
  readonly preRecordSeconds?: number
  /** How much audio after a sound is recorded, in seconds; sound within it goes on in the same file. @defaultValue 10 */
  readonly holdSeconds?: number
}

/** What a {@link Recorder} needs; only `source` is required. */
export interface RecorderOptions {
  /** What to record: a source, or an `http(s)://` URL. */
  readonly source: Source | string | URL
  /**
   * Other addresses of the same programme, with the same encoding. One of them is connected to and stands by, its last minute in memory;
   * it takes over without a gap when the one in use fails. @defaultValue none
   */
  readonly mirrors?: readonly (Source | string | URL)[]
  /** Where recordings go: a storage, or a folder. @defaultValue `'recordings'` */
  readonly storage?: Storage | string
  /** Where the truth is kept. @defaultValue `.isr/ledger.jsonl` in the folder; none for a storage of your own */
  readonly ledger?: Ledger
  /** When a file ends. @defaultValue `new AtClock({ everyMinutes: 60 })` */
  readonly splitter?: Splitter
  /** strftime pattern without extension; `/` makes folders. @defaultValue `'%Y%m%d_%H%M%S'` */
  readonly filenamePattern?: string
  /** Put before each file name with `_`, for sources that share a folder. @defaultValue none */
  readonly filenamePrefix?: string
  /** IANA zone of names and boundaries, or `UTC`. @defaultValue the system's */
  readonly timeZone?: string
  /** How files join. @defaultValue `'exact'` */
  readonly splitJoin?: SplitJoin
  /** Hidden pre-roll of exact Opus files, in milliseconds, 80 to 1300. @defaultValue 400 */
  readonly opusPrerollMs?: number
  /** Formats that may be recorded. @defaultValue every built-in format */
  readonly formats?: readonly Format[]
  /**
   * What PCM (of soundcards, programs, the test signal) and WAV streams become: `wav` as they are, or `flac`, half as large and the
   * same samples. FLAC takes 16 and 24 bits: the recorder fails with `ISR_CONFIG_INVALID` over others. @defaultValue `'wav'`
   */
  readonly pcmFormat?: 'wav' | 'flac'
  /** How much effort goes into FLAC made from PCM: 0 (least) to 8 (smallest files). @defaultValue 5 */
  readonly flacLevel?: number
  /** How to try again. */
  readonly retry?: RetryOptions
  /** Too little audio for this long counts as a disconnect, in milliseconds. @defaultValue 20000 */
  readonly stallTimeoutMs?: number
  /**
   * How much received audio is kept in memory until it is durable, in seconds, at least 30: when the volume of the recordings fails,
   * nothing is lost for so long. Above 64 MiB a source keeps 30 s. @defaultValue 60
   */
  readonly bufferSeconds?: number
  /** What is measured while it is recorded. @defaultValue PCM, while somebody listens to `level` */
  readonly levels?: LevelOptions
  /** The dead-air alarm: tells of silence that lasts, and of its end. AAC cannot be measured. @defaultValue none */
  readonly silence?: SilenceAlarmOptions
  /** Record only sound, in files of their own. AAC cannot be measured, and is recorded whole. @defaultValue everything is recorded */
  readonly trigger?: TriggerOptions
  /** Measure the loudness of PCM while it is recorded: a `loudness` event after each `recording:close`. @defaultValue false */
  readonly loudness?: boolean
  /** See every file while it is recorded, such as to analyse it. @defaultValue none */
  readonly taps?: readonly RecordingTap[]
  /**
   * The end of what an earlier process has recorded of this source: what a server sends again of it is recognised, and goes on from it
   * without a gap. The first frames wait for it, 10 s at most. A {@link Station} reads it from its folder. @defaultValue nothing
   */
  readonly earlier?: Promise<EarlierAudio | undefined>
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
  /** Stops gracefully, as `stop()` does. */
  readonly signal?: AbortSignal
}
