import type { PcmLayout } from '../../model.js'
import { HeaderCapture } from '../header-capture.js'
import { blockAlignBytes, bytesPerSample, defaultChannelMask } from './layout.js'

/** What a {@link WavHeader} is made of. */
export interface WavHeaderInit {
  /** How samples are laid out. */
  readonly layout: PcmLayout
  /** Bits of a sample that carry audio. Default all. */
  readonly validBits?: number
  /** Speakers of the channels, as WAVE numbers them. Default the usual ones. */
  readonly channelMask?: number
  /** The `fmt ` chunk as received, chunk header included. Default none: raw PCM. */
  readonly packets?: readonly Uint8Array[]
}

/** The header of a PCM stream: raw, or found in RIFF. */
export class WavHeader extends HeaderCapture {
  /** How samples are laid out. */
  readonly layout: PcmLayout
  /** Bits of a sample that carry audio. */
  readonly validBits: number
  /** Speakers of the channels, as WAVE numbers them. */
  readonly channelMask: number

  constructor(init: WavHeaderInit) {
    const { layout } = init
    super({
      format: 'wav',
      extension: 'wav',
      info: {
        codec: 'pcm',
        sampleRateHz: layout.sampleRateHz,
        channels: layout.channels,
        bitrateBps: layout.sampleRateHz * blockAlignBytes(layout) * 8,
      },
      ...(init.packets && { packets: init.packets }),
    })
    this.layout = Object.freeze({ ...layout })
    this.validBits = init.validBits ?? 8 * bytesPerSample(layout.sampleFormat)
    this.channelMask = init.channelMask ?? defaultChannelMask(layout.channels)
  }
}
