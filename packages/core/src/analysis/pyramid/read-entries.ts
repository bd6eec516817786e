import type { RandomAccess } from '../../storages/access/random-access.js'
import { decodeLevel } from './level-code.js'
import type { PyramidLayout } from './layout.js'

/** Entries of a tier that were read together; linear levels at `entry * channels + channel`. */
export interface EntryBlock {
  /** Index of the first. */
  readonly first: number
  /** How many. */
  readonly count: number
  readonly rms: Float32Array
  readonly peak: Float32Array
  /** Of windows it is the RMS. */
  readonly low: Float32Array
}

/** What is read. */
export interface EntryRange {
  readonly tier: number
  /** The first entry. */
  readonly from: number
  /** The one after the last. */
  readonly to: number
  /** Windows of the whole file. */
  readonly windows: number
  readonly channels: number
}

const BLOCK_BYTES = 256 * 1024

/** Reads entries of one tier, as few or as many as fit into 256 KB of file at a time; ends early where the file does. @throws {@link StorageError} */
export async function* readEntries(
  access: RandomAccess,
  layout: PyramidLayout,
  range: EntryRange,
): AsyncGenerator<EntryBlock, void, undefined> {
  const { tier, to, windows, channels } = range
  const entryBytes = tier === 0 ? layout.windowBytes : layout.entryBytes
  const place = (entry: number) => layout.entryAt(tier, entry, windows)
  const strideBytes = tier === 1 ? layout.secondBytes : entryBytes
  const most = Math.max(1, Math.floor(BLOCK_BYTES / strideBytes))
  for (let first = range.from; first < to; first += most) {
    const count = Math.min(most, to - first)
    const start = place(first)
    const bytes = await access.read(start, place(first + count - 1) + entryBytes)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const empty = () => new Float32Array(count * channels)
    const block = { first, count, rms: empty(), peak: empty(), low: empty() }
    for (let entry = 0; entry < count; entry++) {
      const at = place(first + entry) - start
      if (at + entryBytes > bytes.length) return // it has shrunk
      for (let channel = 0; channel < channels; channel++) {
        const from = at + (channel * entryBytes) / channels
        const index = entry * channels + channel
        block.rms[index] = decodeLevel(view.getUint16(from, true))
        block.peak[index] = decodeLevel(view.getUint16(from + 2, true))
        block.low[index] = tier === 0 ? block.rms[index] : decodeLevel(view.getUint16(from + 4, true))
      }
    }
    yield block
  }
}
