import { HeaderCapture } from '../header-capture.js'
import { commentMetadata, EMPTY_COMMENT, type VorbisComment } from '../ogg/vorbis-comment.js'
import type { FlacFrameHeader } from './frame-header.js'
import { fitsStreamInfo, type FlacStreamInfo } from './blocks/streaminfo.js'

/** What a {@link FlacHeader} is made of. */
export interface FlacHeaderInit {
  /** The stream's own STREAMINFO, or one made from its first frame. */
  readonly streamInfo: FlacStreamInfo
  /** Whether frames carry sample numbers. */
  readonly variableBlockSize: boolean
  /** The metadata blocks as received, block headers included. Default none. */
  readonly packets?: readonly Uint8Array[]
  /** Tags of the stream. Default none. */
  readonly comment?: VorbisComment
}

/** The headers of a native FLAC stream. */
export class FlacHeader extends HeaderCapture {
  /** The stream's own STREAMINFO, or one made from its first frame where the stream was joined later. */
  readonly streamInfo: FlacStreamInfo
  /** Whether frames carry sample numbers instead of frame numbers. */
  readonly variableBlockSize: boolean
  /** Tags of the stream. */
  readonly comment: VorbisComment

  constructor(init: FlacHeaderInit) {
    const comment = init.comment ?? EMPTY_COMMENT
    super({
      format: 'flac',
      extension: 'flac',
      info: {
        codec: 'flac',
        sampleRateHz: init.streamInfo.sampleRateHz,
        channels: init.streamInfo.channels,
        bitrateBps: 0,
      },
      packets: init.packets ?? [],
      metadata: commentMetadata(comment),
    })
    this.streamInfo = Object.freeze({ ...init.streamInfo })
    this.variableBlockSize = init.variableBlockSize
    this.comment = comment
  }

  /** Whether a frame may belong to this stream: what it says of itself does not contradict the headers. */
  fits(frame: FlacFrameHeader): boolean {
    return frame.variableBlockSize === this.variableBlockSize && fitsStreamInfo(frame, this.streamInfo)
  }
}
