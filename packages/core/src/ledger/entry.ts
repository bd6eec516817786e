import type { CloseReason, Codec, DiscardReason } from '../model.js'

/** Version of the line format. */
export const LEDGER_VERSION = 1

/** Runs of recordings that were found, not made, begin with this: nobody knows how they were received. */
export const ADOPTED_RUN = 'adopted-'

/** In every line. */
export interface LedgerLine {
  /** Version of the line format, 1. */
  readonly v: number
  /** Name of the source. */
  readonly source: string
  /** The run it belongs to; for a gap the run that ended, empty before the first. */
  readonly run: string
}

/** What a file is, known when it is created. */
export interface FileFacts extends LedgerLine {
  /** Storage key. */
  readonly name: string
  /** ISO 8601 UTC with milliseconds: wall clock of the first sample. */
  readonly startedAt: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
  /** Name of the format. */
  readonly format: string
  /** The codec. */
  readonly codec: Codec
  /** Rate in Hz in which `samples` counts. */
  readonly sampleRate: number
  /** Number of channels. */
  readonly channels: number
}

/**
 * A file was created; written before its first audio byte. What is optional here tells repair what stands in the head of the
 * file: with it, what a crash left behind is finished exactly as it would have been.
 */
export interface OpenLine extends FileFacts {
  /** Kind of line. */
  readonly type: 'open'
  /** 0-based position in the run. */
  readonly seq?: number
  /**
   * Position in the run of the file that this one goes on from, because its volume failed: frames behind those that its `recording`
   * line counts are written again here, and this file has its place right behind it.
   */
  readonly continues?: number
  /** Bytes before the first frame. */
  readonly headerBytes?: number
  /** Hidden frames that open the file. */
  readonly prerollFrames?: number
  /** Title in force at the start; absent when none is known. */
  readonly title?: string
  /** Whether the file is to be sealed when it is complete. Absent: not, or nobody knows. */
  readonly seal?: boolean
}

/** A title and the moment it came in force. */
export interface LedgerTitle {
  /** ISO 8601 UTC. */
  readonly at: string
  /** Samples from the start of the recording. */
  readonly sample: number
  /** The title as the station sent it. */
  readonly title: string
}

/** A file is complete. Of several lines for one name the last one counts: a repair may complete what a failing volume left. */
export interface RecordingLine extends FileFacts {
  /** Kind of line. */
  readonly type: 'recording'
  /** 0-based position in the run. */
  readonly seq: number
  /** Position in the run of the file that this one goes on from; see {@link OpenLine}. */
  readonly continues?: number
  /** Audible samples per channel. */
  readonly samples: number
  /** Audio length, from sample counts. */
  readonly durationSeconds: number
  /** Size of the file. */
  readonly bytes: number
  /** Bytes before the first frame; patched at close. */
  readonly headerBytes: number
  /** Received bytes that this file accounts for: its frames and the container bytes they came in. */
  readonly receivedBytes: number
  /** Of the bytes after the header, in hex; empty when the volume or the muxer failed. */
  readonly sha256: string
  /** Of the header as it stands in the closed file, in hex; empty or absent when it is not known. */
  readonly headerSha256?: string
  /** Frames (Ogg: packets; PCM: samples) of the source. */
  readonly frames: number
  /** Hidden frames before them. */
  readonly prerollFrames: number
  /** Hidden samples before the first. */
  readonly prerollSamples: number
  /** Why it ended. */
  readonly closedBy: CloseReason
  /** Titles in force in this file. */
  readonly titles: readonly LedgerTitle[]
}

/** Time that was not recorded. */
export interface GapLine extends LedgerLine {
  /** Kind of line. */
  readonly type: 'gap'
  /** ISO 8601 UTC: end of the audio before. */
  readonly from: string
  /** ISO 8601 UTC: first sample after, or when nobody waited any more. */
  readonly to: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
  /** Length of the gap. */
  readonly seconds: number
  /** Error code. */
  readonly cause: string
}

/** A run goes on where another one ended, to the sample: what came again after a reconnect was recognised. Stands before its first file. */
export interface SeamLine extends LedgerLine {
  /** Kind of line. */
  readonly type: 'seam'
  /** The run that it goes on from. */
  readonly previousRun: string
  /** Frames that came again and were not kept: in a `discard` line as `duplicate`. */
  readonly overlapFrames: number
  /** ISO 8601 UTC: end of that run, start of this one. */
  readonly at: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
}

/** Received bytes that are in no recording. */
export interface DiscardLine extends LedgerLine {
  /** Kind of line. */
  readonly type: 'discard'
  /** How many. */
  readonly bytes: number
  /** Why they were not kept. */
  readonly reason: DiscardReason
  /** ISO 8601 UTC: when they arrived; of several, when that was entered. */
  readonly at: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
  /** `quiet` only: ISO 8601 UTC of the first sample. One line tells of a whole stretch between two recordings. */
  readonly from?: string
  /** `quiet` only: ISO 8601 UTC of its end. */
  readonly to?: string
  /** `quiet` only: audio length, from sample counts. */
  readonly seconds?: number
  /** `quiet` only: 0-based position in the run; the recordings before and after it do not join. */
  readonly seq?: number
}

/** A stretch of a run in which nothing was to be heard, and which was not recorded for that. */
export type QuietLine = DiscardLine & Required<Pick<DiscardLine, 'from' | 'to' | 'seconds' | 'seq'>>

/** Whether a line tells of a quiet stretch, and all of it. */
export function isQuiet(line: DiscardLine): line is QuietLine {
  const { reason, from, to, seconds, seq } = line
  return reason === 'quiet' && from !== undefined && to !== undefined && seconds !== undefined && seq !== undefined
}

/** A run ended: the other side of the ledger law. Sum of `receivedBytes` of its recordings + `bytes` of its discards = `receivedBytes`. */
export interface RunLine extends LedgerLine {
  /** Kind of line. */
  readonly type: 'run'
  /** ISO 8601 UTC. */
  readonly startedAt: string
  /** ISO 8601 UTC. */
  readonly endedAt: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
  /** Counted where the bytes came in, after transport decoding. */
  readonly receivedBytes: number
  /** Error code that says why it ended. */
  readonly cause: string
  /** Measured rate of the source's clock against ours, in parts per million; absent when too short to tell. */
  readonly driftPpm?: number
  /** How often time jumped inside the run, because a clock was set or the source left out audio; absent when never. */
  readonly timeSteps?: number
}

/** A whole file was hashed: a link of the chain of its source. */
export interface SealedLine extends LedgerLine {
  /** Kind of line. */
  readonly type: 'sealed'
  /** Storage key. */
  readonly name: string
  /** Of the whole file, in hex: what sha256sum prints. */
  readonly sha256: string
  /** SHA-256 in hex of the JSON text of the source's previous sealed line; empty in the first. */
  readonly prev: string
  /** ISO 8601 UTC: when it was sealed. */
  readonly at: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
}

/** A file was removed on purpose. */
export interface RemovedLine extends LedgerLine {
  /** Kind of line. */
  readonly type: 'removed'
  /** Storage key. */
  readonly name: string
  /** Who wanted it: the rules that keep space free, a person, or repair, which removes files that hold no audio at all. */
  readonly by: 'retention' | 'user' | 'repair'
  /** ISO 8601 UTC. */
  readonly at: string
  /** Offset of the zone from UTC then: `+01:00`. */
  readonly utcOffset: string
}

/** One line of the ledger. */
export type LedgerEntry =
  OpenLine | RecordingLine | GapLine | SeamLine | DiscardLine | RunLine | SealedLine | RemovedLine
