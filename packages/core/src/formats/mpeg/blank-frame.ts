import { bitrateIndex, frameBytes, HEADER_BYTES } from './frame-header.js'

const HIGHEST_BITRATE_INDEX = 14

/**
 * A frame that decodes to silence: header like `likeHeader` without CRC and padding, everything behind it zero. No smaller
 * than `leastBytes` and no lower in rate than `leastBitrateIndex`, where the rates allow.
 */
export function blankFrame(likeHeader: Uint8Array, leastBytes: number, leastBitrateIndex = 1): Uint8Array {
  const header = Uint8Array.from(likeHeader.subarray(0, HEADER_BYTES))
  header[1] |= 0x01
  for (let index = leastBitrateIndex; ; index++) {
    header[2] = (index << 4) | (likeHeader[2] & 0x0c)
    const length = frameBytes(header, 0)
    if (length < leastBytes && index < HIGHEST_BITRATE_INDEX) continue
    const frame = new Uint8Array(length)
    frame.set(header)
    return frame
  }
}

/** As {@link blankFrame}, at the rate of `likeHeader` or above. */
export function blankFrameAtRate(likeHeader: Uint8Array, leastBytes: number): Uint8Array {
  return blankFrame(likeHeader, leastBytes, bitrateIndex(likeHeader, 0))
}
