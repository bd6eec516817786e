import type { DecoderSetup, PacketDecoder, Planes } from './decoder.js'
import { loadPackage } from './load-package.js'

/** MP3 by mpg123. It gives a frame when it has seen the next one, and stereo for mono. */
export async function openMp3({ channels }: DecoderSetup): Promise<PacketDecoder> {
  const { MPEGDecoder } = await loadPackage('MP3', 'mpg123-decoder', () => import('mpg123-decoder'))
  const decoder = new MPEGDecoder({ enableGapless: false })
  await decoder.ready
  return {
    decode: (frame): Promise<Planes> => Promise.resolve(decoder.decode(frame).channelData.slice(0, channels)),
    close: () => decoder.free(),
  }
}
