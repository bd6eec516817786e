import type { FrameIdentity } from '../frame-identity.js'
import { parseFlacFrameHeader } from './frame-header.js'
import { FlacHeader } from './header.js'

const CRC16_BYTES = 2

/**
 * A FLAC frame is its subframes: a server that makes the stream anew for each listener may number them as it likes, and both
 * checksums follow the number.
 * @source RFC 9639 §9.1.5, §9.1.8, §9.3
 */
export const flacIdentity: FrameIdentity = {
  setup(header) {
    if (!(header instanceof FlacHeader)) return []
    const { sampleRateHz, channels, bitsPerSample } = header.streamInfo
    return [Uint8Array.of(sampleRateHz >>> 16, sampleRateHz >>> 8, sampleRateHz, channels, bitsPerSample)]
  },
  ownHeadBytes: (bytes, start, end) => parseFlacFrameHeader(bytes.subarray(start, end))?.headerBytes ?? 0,
  ownTailBytes: CRC16_BYTES,
}
