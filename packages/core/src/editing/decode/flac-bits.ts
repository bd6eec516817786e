import { FlacHeader } from '../../formats/flac/header.js'
import { parseFlacStreamInfo } from '../../formats/flac/streaminfo.js'
import type { HeaderCapture } from '../../formats/header-capture.js'

/** Where STREAMINFO stands in the first packet of FLAC in Ogg. @source RFC 9639 §10.1 */
const OGG_STREAMINFO_OFFSET = 17

/** Bits per sample by STREAMINFO, native or in Ogg. */
export function flacBitsPerSample(header: HeaderCapture): number {
  const info =
    header instanceof FlacHeader ? header.streamInfo : parseFlacStreamInfo(header.packets[0], OGG_STREAMINFO_OFFSET)
  return info?.bitsPerSample ?? 16
}
