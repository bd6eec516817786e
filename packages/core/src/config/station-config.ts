import type { SplitJoin } from '../formats/format.js'
import type { SampleFormat } from '../model.js'
import type { GroupCommit } from '../storages/volume/protocol.js'

/** Kinds of source a configuration may name. */
export type SourceType = 'stream' | 'soundcard' | 'signal' | 'command' | 'file'

/** When levels are measured: never, or while recording. */
export type Analyze = 'off' | 'live'

/** Who is told of an event. */
export type HookTarget =
  | {
      /** Gets a POST request; may hold secrets. */
      readonly url: string
    }
  | {
      /** The program and its arguments; no shell. */
      readonly command: readonly string[]
    }

/** Who is told of the events of a source; absent = nobody. */
export interface HookTargets {
  /** A recording is complete. */
  readonly close?: HookTarget
  /** Time was not recorded. */
  readonly gap?: HookTarget
  /** Silence has begun, or is over. */
  readonly silence?: HookTarget
  /** The recorder gave up, or audio was lost. */
  readonly error?: HookTarget
  /** Signs what is posted. Never logged. */
  readonly secret?: string
}

/** One source as configured: every key resolved, defaults of `[general]` applied. */
export interface SourceConfig {
  /** Section name. */
  readonly name: string
  /** Kind of source. */
  readonly type: SourceType
  /** `type = stream`: http(s) address of a stream or playlist. */
  readonly url?: string
  /** `type = stream`: other addresses of the same stream, one of which stands by; absent when none. May hold secrets. */
  readonly mirrors?: readonly string[]
  /** HTTP Basic user; absent when none. */
  readonly username?: string
  /** HTTP Basic password; absent when none. Never logged. */
  readonly password?: string
  /** `type = command`: the program and its arguments, split as a shell would, without a shell. */
  readonly command?: readonly string[]
  /** `type = file`: the path of an audio file. */
  readonly path?: string
  /** `type = soundcard`: `default`, a PCM of ALSA, or a part of a device's name; absent = `default`. */
  readonly device?: string
  /** `type = soundcard`: layout of a sample; absent = `s16`. */
  readonly sampleFormat?: SampleFormat
  /** Format wanted: `auto`, `mp3`, `ogg`, `aac`, `opus`, `flac`, `wav`. Default `auto`; `flac` for the test signal. */
  readonly format: string
  /** Effort for FLAC made from PCM, 0 to 8; absent = 5. */
  readonly flacLevel?: number
  /** PCM sources: rate in Hz. Default 44100. */
  readonly sampleRateHz: number
  /** PCM sources: number of channels. Default 2. */
  readonly channels: number
  /** Folder of the recordings. Default `recordings`. */
  readonly outputDirectory: string
  /** Length of files on the clock, in minutes; decimals allowed. Default 60. */
  readonly splitMinutes: number
  /** strftime pattern without extension. Default `%Y%m%d_%H%M%S`. */
  readonly filenamePattern: string
  /** Consecutive failures before giving up; 0 never gives up. Default 10. */
  readonly maxRetries: number
  /** First pause between attempts, in seconds. Default 5. */
  readonly retryDelaySeconds: number
  /** Longest pause between attempts, in seconds. Default 60. */
  readonly retryMaxDelaySeconds: number
  /** Pause between attempts after giving up, in minutes; 0 = it is not tried again. Absent = 5. */
  readonly probeMinutes?: number
  /** Too little audio for this long is a disconnect, in seconds. Default 20. */
  readonly stallTimeoutSeconds: number
  /** IANA zone of names and boundaries; absent = the system's. */
  readonly timeZone?: string
  /** How files join. */
  readonly splitJoin: SplitJoin
  /** Hidden pre-roll of exact Opus files, in milliseconds. Default 400. */
  readonly opusPrerollMs: number
  /** How often files are forced to disk, in seconds; 0 leaves it to the system. Default 1. */
  readonly syncSeconds: number
  /** How much received audio waits in memory when the volume takes nothing, in seconds; absent = 60. */
  readonly bufferSeconds?: number
  /** When files of a folder are made durable together through a journal; absent = where flushes are slow. */
  readonly groupCommit?: GroupCommit
  /** Finished files are hashed whole into a chain that shows any later change; absent = they are not. */
  readonly seal?: boolean
  /** Recordings that ended longer ago are removed, in days; absent = they stay. */
  readonly keepDays?: number
  /** The oldest recordings are removed while those of this source are larger together, in 10^9 bytes; absent = they stay. */
  readonly keepGb?: number
  /** The oldest recordings are removed while the volume has less room, in 10^9 bytes; absent = they stay. */
  readonly minFreeGb?: number
  /** Who is told of its events; absent = nobody. */
  readonly hooks?: HookTargets
  /** `live`: levels are measured while recording, and kept beside the analyses. Default `live` for the test signal; absent = `off`. */
  readonly analyze?: Analyze
  /** A line of levels a minute, as CSV beside the recordings; absent = none. */
  readonly levelLog?: boolean
  /** The loudness of PCM is measured while it is recorded; absent = it is not. */
  readonly loudness?: boolean
  /** Silence for so long raises the dead-air alarm, in seconds; absent = there is none. */
  readonly silenceSeconds?: number
  /** Below this RMS, in dBFS, it is silent; absent = -50. */
  readonly silenceDb?: number
  /** Only audio with an RMS of at least this is recorded, in dBFS; absent = everything is. */
  readonly triggerDb?: number
  /** How much audio before a sound is recorded, too, in seconds; absent = 2. */
  readonly preRecordSeconds?: number
  /** How much audio after a sound is recorded, in seconds; absent = 10. */
  readonly holdSeconds?: number
}

/** A whole configuration. */
export interface StationConfig {
  /** Sources in the order of the file. */
  readonly sources: readonly SourceConfig[]
  /** `DEBUG`, `INFO`, `WARNING` or `ERROR`. Default `INFO`. */
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'
  /** Path of the log file; empty for none. Default `recorder.log`. */
  readonly logFile: string
}

/** A problem in a configuration, ready to print as `file:line: key: message` (`formatProblem`). */
export interface ConfigProblem {
  /** Path as it was given. */
  readonly file: string
  /** 1-based line; absent for what concerns the whole file or comes from elsewhere. */
  readonly line?: number
  /** What holds the value instead of the file: an environment variable (`ISR_SPLIT_MINUTES`) or a flag (`--split-minutes`). */
  readonly origin?: string
  /** Section; absent outside of any. */
  readonly section?: string
  /** Key in lower case; absent when no key is concerned. */
  readonly key?: string
  /** What is wrong and how to mend it. No secrets. */
  readonly message: string
  /** Errors stop the start, warnings do not. */
  readonly severity: 'error' | 'warning'
}
