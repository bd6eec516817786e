import type { EpochMs } from '../../model.js'
import { LEVEL_WINDOW_MS } from '../levels/levels.js'
import { windowCount } from '../levels/window-start.js'
import { STEPS_PER_DB } from './level-code.js'

/** Lengths of the entries of each tier, in windows of 100 ms: 100 ms, 1 s, 10 s, 1 min, 10 min, 1 h. */
export const TIER_WINDOWS: readonly number[] = [1, 10, 100, 600, 6000, 36_000]
/** Tiers from here on stand together behind the seconds, once the recording is complete. */
export const FIRST_SUMMARY_TIER = 2
/** Windows of a second. */
export const SECOND_WINDOWS = 10

/** Changes when an old reader would read nonsense. */
const PYRAMID_VERSION = 1
/** Bytes of the head. */
export const HEAD_BYTES = 64
/** Bytes of the mark at the end of a complete file. */
export const END_BYTES = 32
const HEAD_MAGIC = 'ISRLEVEL'
const END_MAGIC = 'LEVELEND'

/** Bytes before the windows of a second, which tell whether they are ten. */
export const MARK_BYTES = 2
/** Mark of a whole second. No level has this code, so a torn summary is never taken for seconds. */
export const WHOLE_SECOND = 0xffff
/** Mark of the last second of a recording, which is shorter. */
export const LAST_SECOND = 0

/** RMS and peak of a window of one channel. */
const WINDOW_BYTES = 4
/** RMS, peak and the quietest window of a longer stretch of one channel. */
const ENTRY_BYTES = 6

/** What the head tells. */
export interface PyramidHead {
  /** Sampling rate of the recording in Hz. */
  readonly sampleRateHz: number
  /** Number of channels. */
  readonly channels: number
  /** When the recording began, as far as was known when its file was created. */
  readonly startedAt: EpochMs
}

/** Where everything stands in a file of levels; docs/design/levels.md shows it. */
export class PyramidLayout {
  /** Bytes of a window of all channels. */
  readonly windowBytes: number
  /** Bytes of an entry of all channels. */
  readonly entryBytes: number
  /** Bytes of a whole second: its mark, its windows, then its entry. */
  readonly secondBytes: number

  constructor(channels: number) {
    this.windowBytes = channels * WINDOW_BYTES
    this.entryBytes = channels * ENTRY_BYTES
    this.secondBytes = MARK_BYTES + SECOND_WINDOWS * this.windowBytes + this.entryBytes
  }

  /** Where an entry of a tier stands, in the file of a recording of so many windows. */
  entryAt(tier: number, entry: number, windows: number): number {
    if (tier >= FIRST_SUMMARY_TIER) return this.#summaryAt(tier, windows) + entry * this.entryBytes
    const second = tier === 0 ? Math.floor(entry / SECOND_WINDOWS) : entry
    const before = tier === 0 ? entry % SECOND_WINDOWS : Math.min(SECOND_WINDOWS, windows - second * SECOND_WINDOWS)
    return this.secondAt(second) + MARK_BYTES + before * this.windowBytes
  }

  /** Size of a complete file. */
  completeBytes(windows: number): number {
    return this.#summaryAt(TIER_WINDOWS.length, windows) + END_BYTES
  }

  /** Where a second begins. */
  secondAt(second: number): number {
    return HEAD_BYTES + second * this.secondBytes
  }

  /** The most whole seconds that a file of this size may hold. */
  secondsIn(sizeBytes: number): number {
    return Math.max(0, Math.floor((sizeBytes - HEAD_BYTES) / this.secondBytes))
  }

  #summaryAt(tier: number, windows: number): number {
    let at = HEAD_BYTES + windows * this.windowBytes + entriesOf(1, windows) * (MARK_BYTES + this.entryBytes)
    for (let finer = FIRST_SUMMARY_TIER; finer < tier; finer++) at += entriesOf(finer, windows) * this.entryBytes
    return at
  }
}

/** Entries of a tier that so many windows make, the last maybe in part. */
export function entriesOf(tier: number, windows: number): number {
  return Math.ceil(windows / TIER_WINDOWS[tier])
}

/** The head as bytes. */
export function encodeHead({ sampleRateHz, channels, startedAt }: PyramidHead): Uint8Array {
  const { bytes, view } = marked(HEAD_MAGIC, HEAD_BYTES)
  view.setUint16(8, PYRAMID_VERSION, true)
  view.setUint16(10, HEAD_BYTES, true)
  view.setUint32(12, sampleRateHz, true)
  view.setUint16(16, channels, true)
  view.setUint16(18, LEVEL_WINDOW_MS, true)
  view.setUint16(20, STEPS_PER_DB, true)
  view.setFloat64(24, startedAt, true)
  return bytes
}

/** Reads a head; undefined when it is none, or one of another version or with other parameters. */
export function parseHead(bytes: Uint8Array): PyramidHead | undefined {
  const view = viewOf(bytes)
  if (bytes.length < HEAD_BYTES || !isMarked(bytes, HEAD_MAGIC)) return undefined
  if (view.getUint16(8, true) !== PYRAMID_VERSION || view.getUint16(10, true) !== HEAD_BYTES) return undefined
  if (view.getUint16(18, true) !== LEVEL_WINDOW_MS || view.getUint16(20, true) !== STEPS_PER_DB) return undefined
  const [sampleRateHz, channels] = [view.getUint32(12, true), view.getUint16(16, true)]
  if (sampleRateHz === 0 || channels === 0) return undefined
  return { sampleRateHz, channels, startedAt: view.getFloat64(24, true) }
}

/** The mark at the end of the file of a recording of so many samples. */
export function encodeEnd(samples: number): Uint8Array {
  const { bytes, view } = marked(END_MAGIC, END_BYTES)
  view.setFloat64(8, samples, true)
  return bytes
}

/**
 * Samples of the recording whose complete file ends with these bytes; undefined when it is not complete: then they are nothing, or
 * levels that look like a mark and do not fit the size of the file.
 */
export function parseEnd(
  bytes: Uint8Array,
  { sampleRateHz, channels }: PyramidHead,
  sizeBytes: number,
): number | undefined {
  if (bytes.length < END_BYTES || !isMarked(bytes, END_MAGIC)) return undefined
  const samples = viewOf(bytes).getFloat64(8, true)
  if (!Number.isSafeInteger(samples) || samples < 0) return undefined
  const windows = windowCount(samples, sampleRateHz)
  return new PyramidLayout(channels).completeBytes(windows) === sizeBytes ? samples : undefined
}

function marked(magic: string, size: number): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(size)
  for (let index = 0; index < magic.length; index++) bytes[index] = magic.charCodeAt(index)
  return { bytes, view: viewOf(bytes) }
}

function isMarked(bytes: Uint8Array, magic: string): boolean {
  for (let index = 0; index < magic.length; index++) if (bytes[index] !== magic.charCodeAt(index)) return false
  return true
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
