import type { OpenDecoder } from '../../decoders/decoder.js'
import { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import { PacketSpan } from '../../formats/ogg/packets/packet-span.js'
import { UniformSpan, type FrameSpan } from '../../formats/frame-span.js'
import { openFlac } from './flac.js'
import { openMp3 } from './mp3.js'
import { openPackets } from './packets.js'
import { openPcm } from './pcm.js'
import type { SpanDecoder } from './span-decoder.js'

/** What a {@link SpanDecoder} is opened with. */
export interface SpanDecoderStart {
  /** The first frames that will be decoded. */
  readonly first: FrameSpan
  /** Frames right before them, oldest first: what the decoder warms up with. */
  readonly history: readonly FrameSpan[]
  /** Opens what is not decoded in our own code. */
  readonly openDecoder: OpenDecoder
}

/** Opens the decoder for frames. @throws {@link IsrError} `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED` */
export async function openSpanDecoder(start: SpanDecoderStart): Promise<SpanDecoder> {
  const { first, openDecoder } = start
  const { header } = first
  const { codec, channels } = header.info
  if (first instanceof UniformSpan) return openPcm(header)
  if (codec === 'flac') return openFlac(header)
  const decoder = await openDecoder({ codec, channels, headers: header.packets })
  if (header instanceof Mp3HeaderCapture) return openMp3(decoder, header, start.history)
  return openPackets(
    decoder,
    start.history.filter((span) => span instanceof PacketSpan),
  )
}
