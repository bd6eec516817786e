import { IsrError } from '../errors.js'
import type { DecoderSetup, PacketDecoder } from './decoder.js'
import { loadPackage } from './load-package.js'

/** What the decoder takes at most as one packet. */
const MAX_PACKET_BYTES = 128 * 1024
const SETUP_HEADER = 5

/** Vorbis by libvorbis. Packets go in as the pages that its own parser would make. */
export async function openVorbis({ headers }: DecoderSetup): Promise<PacketDecoder> {
  const { OggVorbisDecoder } = await loadPackage(
    'Vorbis',
    '@wasm-audio-decoders/ogg-vorbis',
    () => import('@wasm-audio-decoders/ogg-vorbis'),
  )
  const [identification] = headers
  const setup = headers.find((packet) => packet[0] === SETUP_HEADER)
  if (!setup || setup.length > MAX_PACKET_BYTES) {
    throw new IsrError('ISR_DECODE_FAILED', 'the Vorbis stream has no setup header that can be used')
  }
  const decoder = new OggVorbisDecoder()
  await decoder.ready
  type Pages = Parameters<typeof decoder.decodeOggPages>[0]
  const page = (data: Uint8Array, packets: readonly Uint8Array[]) => {
    return {
      data,
      isLastPage: false,
      codecFrames: packets.map((packet) => ({ data: packet, header: { vorbisSetup: setup } })),
    }
  }
  await decoder.decodeOggPages([page(identification, [])] as unknown as Pages)
  return {
    async decode(packet) {
      const usable = packet.length <= MAX_PACKET_BYTES ? [packet] : []
      return (await decoder.decodeOggPages([page(new Uint8Array(1), usable)] as unknown as Pages)).channelData
    },
    close: () => decoder.free(),
  }
}
