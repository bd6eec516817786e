import { BLOCK_TYPE } from '../blocks/metadata-block.js'

const BLOCK_HEADER_BYTES = 4
const POINT_BYTES = 18

/** A point of a SEEKTABLE. */
export interface FlacSeekPoint {
  /** First sample of the frame. */
  readonly sample: number
  /** Where the frame begins, from the first frame of the file. */
  readonly offsetBytes: number
}

/**
 * The points of the SEEKTABLE among metadata blocks, in order, placeholders left out; none when they are not in order.
 * @source RFC 9639 §8.5
 */
export function readSeekPoints(blocks: readonly Uint8Array[]): FlacSeekPoint[] {
  const block = blocks.find((candidate) => (candidate[0] & 0x7f) === BLOCK_TYPE.seekTable)
  if (!block) return []
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const points: FlacSeekPoint[] = []
  for (let at = BLOCK_HEADER_BYTES; at + POINT_BYTES <= block.length; at += POINT_BYTES) {
    const sample = Number(view.getBigUint64(at))
    const offsetBytes = Number(view.getBigUint64(at + 8))
    if (sample >= 2 ** 36 || offsetBytes >= 2 ** 53) break
    const last = points.at(-1)
    if (last && (last.sample >= sample || last.offsetBytes >= offsetBytes)) return []
    points.push({ sample, offsetBytes })
  }
  return points
}
