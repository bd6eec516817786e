import { concatBytes } from '../../bytes/concat.js'
import { box, BOX_HEADER_BYTES, uint32, uint64, utf8 } from './box.js'

/** Bytes of what {@link mediaDataHeader} gives, however much follows. */
export const MEDIA_DATA_HEADER_BYTES = 2 * BOX_HEADER_BYTES
/** Room for the header of a box beyond 4 GiB, which is twice as long. */
const ROOM = box('free')
const MDAT = utf8('mdat')
const MAX_SIZE = 0xffffffff

/**
 * What stands before the media data.
 * @param sizeBytes - of the data. Default unknown: to the end of the file
 * @source ISO 14496-12 §4.2 (size, largesize), §8.1.1 mdat
 */
export function mediaDataHeader(sizeBytes?: number): Uint8Array {
  if (sizeBytes === undefined) return concatBytes([ROOM, uint32(0), MDAT])
  const size = BOX_HEADER_BYTES + sizeBytes
  if (size <= MAX_SIZE) return concatBytes([ROOM, uint32(size), MDAT])
  return concatBytes([uint32(1), MDAT, uint64(BOX_HEADER_BYTES + size)])
}
