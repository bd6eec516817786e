import { BitReader } from '../../bytes/bit-reader.js'
import type { MpegFrameHeader } from './frame-header.js'

/**
 * How many bytes before the frame's own main data its audio begins, in the frames before it (the bit reservoir): at most
 * 511, in MPEG-2 and 2.5 at most 255.
 * @source ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7 main_data_begin
 */
export function mainDataBegin(frame: Uint8Array, header: MpegFrameHeader): number {
  const at = header.mainDataOffset - header.sideInfoBytes
  return header.version === 1 ? (frame[at] << 1) | (frame[at + 1] >>> 7) : frame[at]
}

/**
 * Bytes of main data that the frame's granules take.
 * @source ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7 part2_3_length
 */
export function mainDataBytesUsed(frame: Uint8Array, header: MpegFrameHeader): number {
  const { version, channels } = header
  const bits = new BitReader(frame, header.mainDataOffset - header.sideInfoBytes)
  // main_data_begin, private_bits and scfsi
  if (version === 1) bits.skip(9 + (channels === 1 ? 5 : 3) + 4 * channels)
  else bits.skip(8 + channels)
  let usedBits = 0
  for (let granule = 0; granule < (version === 1 ? 2 : 1) * channels; granule++) {
    usedBits += bits.read(12)
    bits.skip(version === 1 ? 47 : 51)
  }
  return Math.ceil(usedBits / 8)
}
