import { ConfigError } from '../../../errors.js'
import type { PcmEncoding } from '../../../encoders/encoder.js'
import type { PcmLayout } from '../../../model.js'
import { defaultChannelMask, bytesPerSample } from '../../wav/layout.js'
import type { WavHeader } from '../../wav/header.js'
import { FlacHeader } from '../header.js'

/** The headers of FLAC files that are made from PCM. */
export class EncodedFlacHeader extends FlacHeader {
  /** Of the PCM. */
  readonly layout: PcmLayout
  /** How it is encoded. */
  readonly encoding: PcmEncoding

  /**
   * @param header - of the PCM
   * @throws ConfigError `ISR_CONFIG_INVALID` when `encoding` cannot take such PCM
   */
  constructor(header: WavHeader, encoding: PcmEncoding) {
    const { layout } = header
    const refusal = encoding.refusal(layout)
    if (refusal !== undefined) throw new ConfigError('ISR_CONFIG_INVALID', refusal)
    const blockSize = encoding.blockSizeAt(layout.sampleRateHz)
    super({
      streamInfo: {
        minBlockSize: blockSize,
        maxBlockSize: blockSize,
        minFrameBytes: 0,
        maxFrameBytes: 0,
        sampleRateHz: layout.sampleRateHz,
        channels: layout.channels,
        bitsPerSample: 8 * bytesPerSample(layout.sampleFormat),
        totalSamples: 0,
        md5: new Uint8Array(16),
      },
      variableBlockSize: false,
      comment: { vendor: encoder.encode(`ISR (${encoding.name})`), fields: speakers(header) },
    })
    this.layout = layout
    this.encoding = encoding
  }
}

const encoder = new TextEncoder()

/** Speakers other than the usual ones have to be told. @source RFC 9639 §8.6.2 */
function speakers({ channelMask, layout }: WavHeader): Uint8Array[] {
  if (channelMask === 0 || channelMask === defaultChannelMask(layout.channels)) return []
  return [
    encoder.encode(`WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x${channelMask.toString(16).toUpperCase().padStart(4, '0')}`),
  ]
}
