import { FlacHeader } from '../../formats/flac/header.js'
import { parseFlacStreamInfo, type FlacStreamInfo } from '../../formats/flac/blocks/streaminfo.js'
import type { HeaderCapture } from '../../formats/header-capture.js'

/** Where STREAMINFO stands in the first packet of FLAC in Ogg. @source RFC 9639 §10.1 */
export const OGG_STREAMINFO_OFFSET = 17

/** STREAMINFO of a FLAC stream, native or in Ogg. */
export function flacStreamInfo(header: HeaderCapture): FlacStreamInfo | undefined {
  if (header instanceof FlacHeader) return header.streamInfo
  return parseFlacStreamInfo(header.packets[0], OGG_STREAMINFO_OFFSET)
}
