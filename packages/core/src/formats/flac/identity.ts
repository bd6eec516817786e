import type { FrameIdentity } from '../frame-identity.js'
import type { FlacStreamInfo } from './blocks/streaminfo.js'
import { parseFlacFrameHeader } from './frame-header.js'
import { FlacHeader } from './header.js'

const CRC16_BYTES = 2

/** What the frames of a stream need of its STREAMINFO. Sizes, length and checksum a server or a file says as it likes. */
export function flacSetup({ sampleRateHz, channels, bitsPerSample }: FlacStreamInfo): Uint8Array {
  return Uint8Array.of(sampleRateHz >>> 16, sampleRateHz >>> 8, sampleRateHz, channels, bitsPerSample)
}

/**
 * A FLAC frame is its subframes: a server that makes the stream anew for each listener may number them as it likes, and both
 * checksums follow the number.
 * @source RFC 9639 §9.1.5, §9.1.8, §9.3
 */
export const flacIdentity = {
  setup: (header) => (header instanceof FlacHeader ? [flacSetup(header.streamInfo)] : []),
  ownHeadBytes: (bytes, start, end) => parseFlacFrameHeader(bytes.subarray(start, end))?.headerBytes ?? 0,
  ownTailBytes: () => CRC16_BYTES,
} satisfies FrameIdentity
