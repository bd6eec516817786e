/**
 * The nouns of the whole project: no I/O, no imports but types.
 * One word, one meaning: docs/design/glossary.md.
 */

import type { IsrError } from './errors.js'

/** Milliseconds since 1970-01-01T00:00:00Z on the wall clock. */
export type EpochMs = number

/** Milliseconds on a clock that never steps; its zero means nothing. */
export type MonotonicMs = number

/** What a transport says about the audio from some byte on, for example `{ title: 'Artist - Song' }`. Data, never markup or paths. */
export type StreamMetadata = Readonly<Record<string, string>>

/** Bytes as they arrived. */
export interface Chunk {
  /** Handed over: nobody mutates it afterwards, so views into it may be kept. */
  readonly bytes: Uint8Array
  /** Arrival on the monotonic clock. The recorder stamps chunks that do not carry it. */
  readonly arrivedAtMs?: MonotonicMs
  /** Transport metadata in force from the first byte of this chunk on; absent when nothing changed. */
  readonly metadata?: StreamMetadata
  /**
   * Audio is missing right before this chunk, though the connection goes on: samples that a soundcard lost. The chunk begins with
   * a whole frame that needs nothing of what came before. It becomes a gap of just this length, and a new run follows.
   */
  readonly lossBefore?: Loss
}

/** Audio that a source knows to be missing. */
export interface Loss {
  /** Length of the audio that is missing, in seconds; more than 0. */
  readonly seconds: number
  /** Why. */
  readonly cause: IsrError
}

/** Codecs that a recording may hold. */
export type Codec = 'mp3' | 'aac' | 'vorbis' | 'opus' | 'flac' | 'pcm'

/** How one PCM sample is laid out; always little-endian and interleaved. */
export type SampleFormat = 's16' | 's24' | 's32' | 'f32'

/** Layout of raw PCM audio. */
export interface PcmLayout {
  /** Sampling rate in Hz. */
  readonly sampleRateHz: number
  /** Interleaved channels, 1 to 8. */
  readonly channels: number
  /** Sample format; `s24` is packed in 3 bytes. */
  readonly sampleFormat: SampleFormat
}

/** What the format knows about the stream once its first frame has been read. */
export interface StreamInfo {
  /** The codec. */
  readonly codec: Codec
  /** Rate in Hz in which `FrameSpan.samples` counts (Opus: always 48000). */
  readonly sampleRateHz: number
  /** Number of channels. */
  readonly channels: number
  /** Nominal rate in bits per second; 0 when not declared. */
  readonly bitrateBps: number
}

/** Why a recording was closed. */
export type CloseReason = 'boundary' | 'disconnect' | 'format-change' | 'stop' | 'error' | 'recovered'

/** A title and the moment it came in force. */
export interface TitleMark {
  /** Wall clock. */
  readonly at: EpochMs
  /** Samples from the start of the recording. */
  readonly sample: number
  /** The title as the station sent it. */
  readonly title: string
}

/** One file: open while it is written, closed for ever after. */
export interface Recording {
  /** Storage key, `/`-separated, with extension: `2026/11/22/rec_170000.ogg`. */
  readonly name: string
  /** Name of the source. */
  readonly source: string
  /** Format name: `mp3`, `aac`, `ogg`, `flac`, `wav`. */
  readonly format: string
  /** What the stream is. */
  readonly info: StreamInfo
  /** Wall clock of the first sample. */
  readonly startedAt: EpochMs
  /** Audio length in seconds, from sample counts, never from the wall clock. */
  readonly durationSeconds: number
  /** Audible samples per channel that belong to this recording. */
  readonly samples: number
  /** Frames (Ogg: packets) that belong to this recording, hidden pre-roll excluded. */
  readonly frames: number
  /** Size of the file so far. */
  readonly sizeBytes: number
  /** All recordings of one unbroken connection share a run; within it they join sample-exactly. */
  readonly run: string
  /** 0-based position inside the run. */
  readonly sequence: number
  /** `open` while it is written. */
  readonly state: 'open' | 'closed'
  /** Present once closed. */
  readonly closedBy?: CloseReason
}

/** Bytes to write over the head of a finished file. */
export interface Patch {
  /** Offset from the start of the file, in bytes. */
  readonly offsetBytes: number
  /** The bytes that replace what stands there. */
  readonly bytes: Uint8Array
}

/**
 * Why received bytes were not kept: no frame could be found in them, they repeat what is kept, their frame is incomplete,
 * they are a tag amid the stream, they belong to another logical stream of a multiplex
 * (video beside audio), the volume could not take them, a plug-in (a framer, a muxer) failed over them, or nothing was to be heard
 * in them and only sound is recorded.
 */
export type DiscardReason = 'sync' | 'duplicate' | 'partial-frame' | 'tag' | 'foreign' | 'storage' | 'plugin' | 'quiet'

/** Received bytes that are in no recording, and why. */
export interface Discard {
  /** How many bytes. */
  readonly bytes: number
  /** Why. */
  readonly reason: DiscardReason
}
