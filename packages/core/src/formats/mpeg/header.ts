import { HeaderCapture } from '../header-capture.js'
import { frameBytes, HEADER_BYTES, parseFrameHeader } from './frame-header.js'
import type { MpegFrameHeader } from './frame-header.js'
import { mainDataBegin } from './side-info.js'

/** What the first frame of an MP3 stream says; MP3 has no other headers. */
export class Mp3HeaderCapture extends HeaderCapture {
  /** The header of the first frame. */
  readonly first: MpegFrameHeader
  /** The four bytes of that header. */
  readonly firstHeader: Uint8Array
  /** Bytes of bit reservoir that the first frame needs and that were never received, when the stream was joined midway. */
  readonly missingReservoirBytes: number

  /**
   * `info.bitrateBps` is the rate of the first frame, 0 when the second frame has another: such a stream is VBR and
   * declares no rate.
   *
   * @param at - where the first frame stands, as a whole
   * @param next - where the second frame begins; there may be none
   */
  constructor(bytes: Uint8Array, at: number, next: number) {
    const first = parseFrameHeader(bytes, at)
    if (!first) throw new RangeError('no MPEG audio frame there')
    super({
      format: 'mp3',
      extension: 'mp3',
      info: {
        codec: 'mp3',
        sampleRateHz: first.sampleRateHz,
        channels: first.channels,
        bitrateBps: hasOtherRate(bytes, next, first) ? 0 : first.bitrateBps,
      },
    })
    this.first = first
    this.firstHeader = Uint8Array.from(bytes.subarray(at, at + HEADER_BYTES))
    this.missingReservoirBytes = mainDataBegin(bytes.subarray(at, next), first)
  }
}

function hasOtherRate(bytes: Uint8Array, next: number, first: MpegFrameHeader): boolean {
  const second = next + HEADER_BYTES <= bytes.length && frameBytes(bytes, next) > 0 && parseFrameHeader(bytes, next)
  return second ? second.bitrateBps !== first.bitrateBps : false
}
