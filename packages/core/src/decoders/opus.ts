import { IsrError } from '../errors.js'
import type { DecoderSetup, PacketDecoder } from './decoder.js'
import { loadPackage } from './load-package.js'

const HEAD_BYTES = 19
const GAIN_OFFSET = 16
const MAPPING_OFFSET = 18
/** Q7.8 decibels. @source RFC 7845 §5.1 (6) */
const GAIN_STEPS_PER_DB = 256

/**
 * Opus by libopus; the output gain of the header is applied, as every player must.
 * @source RFC 7845 §5.1
 */
export async function openOpus({ channels, headers: [head] }: DecoderSetup): Promise<PacketDecoder> {
  const { OpusDecoder } = await loadPackage('Opus', 'opus-decoder', () => import('opus-decoder'))
  const mapped = head.length > HEAD_BYTES + 2 && head[MAPPING_OFFSET] > 0
  if (channels > 2 && !mapped)
    throw new IsrError('ISR_DECODE_FAILED', `Opus of ${channels} channels without a table of them`)
  const decoder = new OpusDecoder({
    channels,
    ...(mapped && {
      streamCount: head[HEAD_BYTES],
      coupledStreamCount: head[HEAD_BYTES + 1],
      channelMappingTable: [...head.subarray(HEAD_BYTES + 2, HEAD_BYTES + 2 + channels)],
    }),
  })
  await decoder.ready
  const steps = new DataView(head.buffer, head.byteOffset).getInt16(GAIN_OFFSET, true)
  const gain = 10 ** (steps / GAIN_STEPS_PER_DB / 20)
  return {
    decode(packet) {
      const { channelData } = decoder.decodeFrame(packet)
      return Promise.resolve(gain === 1 ? channelData : channelData.map((plane) => plane.map((value) => value * gain)))
    },
    close: () => decoder.free(),
  }
}
