import type { EpochMs, Patch } from '../model.js'
import type { FileReading } from './file-layout.js'
import type { FrameIdentity } from './frame-identity.js'
import type { Framer, FramerSink } from './framer.js'
import type { FrameSpan } from './frame-span.js'
import type { HeaderCapture } from './header-capture.js'

export type { FrameIdentity } from './frame-identity.js'
export type { Framer, FramerSink } from './framer.js'

/** How the files of one run join. */
export type SplitJoin = 'exact' | 'verbatim'

/** What a muxer may need to know beside the header. */
export interface MuxerContext {
  /**
   * `exact`: the file starts with the hidden pre-roll that makes it decode exactly from its first sample.
   * `verbatim`: only received frames.
   */
  readonly join: SplitJoin
  /**
   * Frames of the same logical stream right before this file's first frame, oldest first: at least
   * `Format.historySeconds` of them when the run has that many, none at the start of a logical stream.
   */
  readonly history: readonly FrameSpan[]
  /**
   * `history` is the hidden pre-roll of a file that is made anew from a file: it goes in whole, as it is. Default false.
   * A file without pre-roll is made anew with `join: 'verbatim'`.
   */
  readonly historyIsPreroll?: boolean
  /** Wall clock of the first sample; absent when nobody knows, as in a piece of a file without tags: then no tag tells a time. */
  readonly startedAt?: EpochMs
  /** Offset of the time zone from UTC at that moment, in minutes. */
  readonly utcOffsetMinutes: number
  /** Name of the source. */
  readonly source: string
  /** Title in force at the start; absent when none is known. */
  readonly title?: string
  /** Serial number for container streams that have one (Ogg), an unsigned 32-bit integer; unique inside a run. */
  readonly serial: number
  /** Hidden pre-roll of `exact` Opus files, in milliseconds. */
  readonly opusPrerollMs: number
}

/** What a muxer has put into its file so far. */
export interface MuxerCounts {
  /** Frames of the source, pre-roll excluded. */
  readonly frames: number
  /** Audible samples per channel: what a decoder gives for this file alone. */
  readonly samples: number
  /** Hidden frames before the first. */
  readonly prerollFrames: number
  /** Hidden samples before the first. */
  readonly prerollSamples: number
  /**
   * What it has taken and not put into its file yet, because an encoder waits for more: samples, and the bytes of the spans that held
   * them. Absent when nothing waits.
   */
  readonly held?: {
    /** Samples per channel. */
    readonly samples: number
    /** Bytes of the spans that held them. */
    readonly bytes: number
  }
  /**
   * How many of `frames`, the last of them, are in no bytes given out yet: they wait for the end of their page. When a volume fails
   * they are written again. Absent when none waits.
   */
  readonly waitingFrames?: number
}

/** Bytes that end a file and corrections to make in place. */
export interface MuxerEnd {
  /** Appended to the file. */
  readonly tail: Uint8Array
  /** Written over what stands in the file, in order, after the tail. */
  readonly patches: readonly Patch[]
}

/**
 * Frames in, one independently playable file out. One per file; copies frames, never decodes what it writes.
 * Whatever `begin` and `write` have returned so far is a file that players accept and repair can finish.
 * At most 0.25 s of audio is held back between calls.
 */
export interface Muxer {
  /** Bytes that open the file. Called once, first. */
  begin(): Uint8Array
  /**
   * A title in force from the next frame on; {@link MuxerContext.title} is the one in force at the start. Titles become chapters
   * (ID3v2 `CHAP`, Vorbis comments `CHAPTER001`, WAV cue points) as far as the format has such and there is room for them.
   */
  mark(title: string): void
  /** The time of the first sample is known better now: the tags of the closed file tell it. Names and bytes so far stay. */
  retime(startedAt: EpochMs): void
  /** The frames as this file needs them (Ogg pages, renumbered FLAC frames); the same bytes where nothing changes. */
  write(span: FrameSpan): Uint8Array
  /** Called once, last. */
  end(): MuxerEnd
  /** Whether the patches of `end` only change what `begin` gave: what was written is final at once. Default false. */
  readonly patchesHeadOnly?: boolean
  /** Counts so far; final after `end`. */
  readonly counts: MuxerCounts
}

/** What a container or codec is, as a plain object. One folder per format in `formats/`, one line in `registry.ts`. */
export interface Format {
  /** Stable name: `mp3`, `aac`, `ogg`, `flac`, `wav`. */
  readonly name: string
  /** Media types that hint at it, lower case. */
  readonly contentTypes: readonly string[]
  /** How much history `createMuxer` wants for `join: 'exact'`, in seconds; 0 when files need none. */
  readonly historySeconds: number
  /** How much of it a stream with these headers wants, in seconds; no more than `historySeconds`. Default as much. */
  historySecondsOf?(header: HeaderCapture): number
  /** Confidence 0..1 that `head` (the first bytes of a connection, at most 16 KiB) starts or continues this format. */
  sniff(head: Uint8Array): number
  /** A framer for one connection. */
  createFramer(sink: FramerSink): Framer
  /**
   * Headers of its files, where these hold something else than the stream sends, as those of a format that encodes do: they go into
   * `createMuxer`. Default: the stream's own.
   * @throws ConfigError when such a stream cannot be recorded
   */
  fileHeader?(header: HeaderCapture): HeaderCapture
  /** A muxer for one file. `header` came from a framer of this format, or from `fileHeader`. */
  createMuxer(header: HeaderCapture, context: MuxerContext): Muxer
  /** How frames that come again after a reconnect are recognised. Default: they are not, and a reconnect leaves a gap. */
  readonly identity?: FrameIdentity
  /** Reading of its files from any place. */
  readonly file: FileReading
}
