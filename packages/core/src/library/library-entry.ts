import type { LedgerTitle } from '../ledger/entry.js'
import type { CloseReason, Codec, EpochMs } from '../model.js'

/** A recording as the library knows it. Never changed: what is known better later is a new object. */
export interface LibraryEntry {
  /** Storage key. */
  readonly name: string
  /** Name of the source. */
  readonly source: string
  /** Wall clock of the first sample. */
  readonly startedAt: EpochMs
  /** Offset of the zone from UTC then, in minutes. */
  readonly utcOffsetMinutes: number
  /** Audio length; undefined while nobody knows it. */
  readonly durationSeconds?: number
  /** Size of the file. */
  readonly sizeBytes: number
  /** Name of the format; undefined for a file that could not be read. */
  readonly format?: string
  /** The codec. */
  readonly codec?: Codec
  /** Rate in Hz. */
  readonly sampleRateHz?: number
  /** Number of channels. */
  readonly channels?: number
  /**
   * `open`: it is being written, or a crash left it so; `closed`: the ledger says that it is whole;
   * `foreign`: it lies in the folder and no ledger knows it.
   */
  readonly state: 'open' | 'closed' | 'foreign'
  /** Whether it is growing now. */
  readonly active: boolean
  /** Of the ledger: identifies the unbroken connection that it belongs to. */
  readonly run?: string
  /** 0-based position inside the run. */
  readonly sequence?: number
  /** Why it ended. */
  readonly closedBy?: CloseReason
  /** Titles in force in it. */
  readonly titles: readonly LedgerTitle[]
}

/** A stretch in which nothing was to be heard, and which was not recorded for that: no gap. */
export interface LibraryQuiet {
  /** Name of the source. */
  readonly source: string
  /** Its first sample. */
  readonly from: EpochMs
  /** Its end. */
  readonly to: EpochMs
  /** Offset of the zone from UTC then, in minutes. */
  readonly utcOffsetMinutes: number
}

/** Time that was not recorded. */
export interface LibraryGap {
  /** Name of the source. */
  readonly source: string
  /** End of the audio before. */
  readonly from: EpochMs
  /** First sample after. */
  readonly to: EpochMs
  /** Error code. */
  readonly cause: string
}
