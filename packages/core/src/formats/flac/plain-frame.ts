import { BitWriter } from '../../bytes/bit-writer.js'
import { crc16 } from '../../bytes/crc/crc16.js'
import { crc8 } from '../../bytes/crc/crc8.js'
import type { FlacStreamInfo } from './blocks/streaminfo.js'

/** Fixed block size, number 0: muxers number frames. @source RFC 9639 §9.1 */
const SYNC = [0xff, 0xf8] as const
/** The block size follows in 16 bits. @source RFC 9639 §9.1.1 */
const BLOCK_SIZE_16 = 0x70
/** Rates by their code, from 1 on; code 0 leaves it to STREAMINFO. @source RFC 9639 §9.1.2 */
const RATES = [88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000]
/** Bits per sample by their code; code 0 leaves it to STREAMINFO. @source RFC 9639 §9.1.4 */
const BITS = [0, 8, 12, 0, 16, 20, 24, 32]
/** First byte of a subframe. @source RFC 9639 §9.2.1 */
const CONSTANT = 0
const VERBATIM = 2

/**
 * A frame that holds samples as they are: a channel of one value takes one number, every other all of them. Its header says all that
 * frames usually say: players that find a frame that differs from its neighbours take it for a false one.
 * @param channels - one array a channel, 1 to 65535 samples, within `bitsPerSample`
 * @source RFC 9639 §9.2.3, §9.2.4
 */
export function buildPlainFrame(
  channels: readonly Int32Array[],
  { sampleRateHz, bitsPerSample }: Pick<FlacStreamInfo, 'sampleRateHz' | 'bitsPerSample'>,
): Uint8Array {
  const blockSize = channels[0].length
  const rate = RATES.indexOf(sampleRateHz) + 1
  const bits = Math.max(0, BITS.indexOf(bitsPerSample))
  const out = new BitWriter()
  const form = [BLOCK_SIZE_16 | rate, ((channels.length - 1) << 4) | (bits << 1)]
  for (const byte of [...SYNC, ...form, 0, (blockSize - 1) >>> 8, (blockSize - 1) & 0xff]) out.write(byte, 8)
  out.write(crc8(out.bytes()), 8)
  for (const samples of channels) {
    const isConstant = samples.every((sample) => sample === samples[0])
    out.write(isConstant ? CONSTANT : VERBATIM, 8)
    for (const sample of isConstant ? samples.subarray(0, 1) : samples) out.write(sample, bitsPerSample)
  }
  out.align()
  out.write(crc16(out.bytes()), 16)
  return out.bytes()
}
