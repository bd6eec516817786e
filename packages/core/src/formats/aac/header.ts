import { HeaderCapture } from '../header-capture.js'
import { parseFrameHeader, type AdtsFrameHeader } from './frame-header.js'
import { programConfigChannels } from './program-config.js'

/** Assumed where neither header nor first frame tells the number of channels. */
const USUAL_CHANNELS = 2

/** What the first frame of an ADTS stream says; ADTS has no other headers. */
export class AacHeaderCapture extends HeaderCapture {
  /** The header of the first frame. */
  readonly first: AdtsFrameHeader
  /** The first frame, when a program config element in it alone tells the channels: later frames may leave it out. */
  readonly channelFrame?: Uint8Array

  /**
   * `info.sampleRateHz` is the rate of the core coder; `info.bitrateBps` is 0, for ADTS declares none.
   *
   * @param at - where the first frame stands, as a whole
   */
  constructor(bytes: Uint8Array, at: number) {
    const first = parseFrameHeader(bytes, at)
    if (!first) throw new RangeError('no ADTS frame there')
    const declared = first.channels || programConfigChannels(bytes, at + first.rawDataOffset, at + first.frameBytes)
    super({
      format: 'aac',
      extension: 'aac',
      info: {
        codec: 'aac',
        sampleRateHz: first.sampleRateHz,
        channels: declared || USUAL_CHANNELS,
        bitrateBps: 0,
      },
    })
    this.first = first
    if (first.channels === 0 && declared > 0) this.channelFrame = bytes.slice(at, at + first.frameBytes)
  }
}
