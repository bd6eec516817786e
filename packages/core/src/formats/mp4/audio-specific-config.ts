import { BitWriter } from '../../bytes/bit-writer.js'
import type { AdtsFrameHeader } from '../aac/frame-header.js'
import { copyProgramConfig } from './program-config.js'

const RATE_INDEX_SHIFT = 2

/**
 * What a decoder must know of an ADTS stream, whose headers an MP4 file leaves out. HE-AAC is signalled as ADTS does it, implicitly:
 * decoders find the extension in the frames and play at twice the rate, others play the core.
 * @param frame - a frame of the stream, its header included
 * @returns undefined when the stream leaves its channels to a program config element and this frame does not begin with one
 * @source ISO 14496-3 §1.6.2.1 AudioSpecificConfig, §4.4.1 GASpecificConfig, §1.6.6.1.2.3 implicit signalling
 */
export function audioSpecificConfig(header: AdtsFrameHeader, frame: Uint8Array): Uint8Array | undefined {
  const bits = new BitWriter()
  bits.write(header.objectType, 5)
  bits.write((frame[2] >>> RATE_INDEX_SHIFT) & 15, 4)
  bits.write(header.channelConfiguration, 4)
  bits.write(0, 3) // frames of 1024 samples, no core coder, no extension
  if (header.channelConfiguration === 0 && !copyProgramConfig(frame, header.rawDataOffset, bits)) return undefined
  return bits.bytes()
}
