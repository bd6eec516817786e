import { readVorbisComment, type VorbisComment } from '../../ogg/vorbis-comment.js'
import { parseFlacStreamInfo, STREAMINFO_BYTES, type FlacStreamInfo } from './streaminfo.js'

/** Types of metadata blocks that this library knows by name. */
export const BLOCK_TYPE = { streamInfo: 0, padding: 1, seekTable: 3, vorbisComment: 4 } as const

/** `fLaC`. */
export const FLAC_MAGIC: Uint8Array = Uint8Array.of(0x66, 0x4c, 0x61, 0x43)
/** The magic, a block header and STREAMINFO: the least that opens a FLAC file. */
export const FLAC_HEAD_BYTES = 4 + 4 + STREAMINFO_BYTES

/** Type and length of a metadata block. */
export const BLOCK_HEADER_BYTES = 4
/** Longest body of a metadata block, in bytes. */
const MAX_BLOCK_BYTES = 0xffffff

/** The head of a FLAC file as it was received. */
export interface FlacStreamHead {
  /** The stream's facts. */
  readonly streamInfo: FlacStreamInfo
  /** Metadata blocks, block headers included. */
  readonly blocks: readonly Uint8Array[]
  /** Tags, when there were any. */
  readonly comment?: VorbisComment
  /** Bytes from the magic to the first frame. */
  readonly sizeBytes: number
}

/** The magic and STREAMINFO alone at `offset`; undefined when they are not there. */
export function parseFlacMagic(bytes: Uint8Array, offset: number): FlacStreamHead | undefined {
  if (bytes.length - offset < FLAC_HEAD_BYTES) return undefined
  for (let index = 0; index < 4; index++) if (bytes[offset + index] !== FLAC_MAGIC[index]) return undefined
  if ((bytes[offset + 4] & 0x7f) !== BLOCK_TYPE.streamInfo || blockBytes(bytes, offset + 4) !== STREAMINFO_BYTES) {
    return undefined
  }
  const streamInfo = parseFlacStreamInfo(bytes, offset + 8)
  if (!streamInfo) return undefined
  return { streamInfo, blocks: [bytes.slice(offset + 4, offset + FLAC_HEAD_BYTES)], sizeBytes: FLAC_HEAD_BYTES }
}

/**
 * Reads on from the magic through all metadata blocks.
 * @returns the whole head; `more` when the blocks reach beyond the bytes
 * @source RFC 9639 §8
 */
export function parseFlacBlocks(bytes: Uint8Array, offset: number, head: FlacStreamHead): FlacStreamHead | 'more' {
  const blocks = [...head.blocks]
  let comment: VorbisComment | undefined
  let at = offset + FLAC_HEAD_BYTES
  let last = bytes[offset + 4] >= 0x80
  while (!last) {
    if (at + 4 > bytes.length) return 'more'
    const end = at + 4 + blockBytes(bytes, at)
    if (end > bytes.length) return 'more'
    last = bytes[at] >= 0x80
    const block = bytes.slice(at, end)
    if ((bytes[at] & 0x7f) === BLOCK_TYPE.vorbisComment) comment ??= readVorbisComment(block, 4)?.comment
    blocks.push(block)
    at = end
  }
  return { streamInfo: head.streamInfo, blocks, ...(comment && { comment }), sizeBytes: at - offset }
}

/** A metadata block around `body`. */
export function buildMetadataBlock(type: number, body: Uint8Array, last: boolean): Uint8Array {
  if (body.length > MAX_BLOCK_BYTES) throw new RangeError('a FLAC metadata block holds less than 16 MiB')
  const block = new Uint8Array(BLOCK_HEADER_BYTES + body.length)
  new DataView(block.buffer).setUint32(0, body.length)
  block[0] = type | (last ? 0x80 : 0)
  block.set(body, BLOCK_HEADER_BYTES)
  return block
}

function blockBytes(bytes: Uint8Array, at: number): number {
  return (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}
