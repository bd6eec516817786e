import type { StreamInfo, StreamMetadata } from '../../model.js'
import { HeaderCapture } from '../header-capture.js'
import type { OggCodec } from './codecs/codec.js'

/** What an {@link OggHeader} is made of. */
export interface OggHeaderInit {
  /** The codec inside. */
  readonly codec: OggCodec
  /** The header packets as received. */
  readonly packets: readonly Uint8Array[]
  /** The stream's facts. */
  readonly info: StreamInfo
  /** Tags, names in lower case. */
  readonly metadata: StreamMetadata
  /** How many samples are hidden at the start of this logical stream. */
  readonly hiddenSamples: number
}

/** The header packets of one logical stream and where it was joined. */
export class OggHeader extends HeaderCapture {
  /** The codec inside. */
  readonly codec: OggCodec
  /**
   * How many samples are hidden before the first audible one: the pre-skip of an Opus stream received from its start;
   * 0 when the stream was joined under way.
   */
  readonly hiddenSamples: number

  constructor(init: OggHeaderInit) {
    super({
      format: 'ogg',
      extension: init.codec.extension,
      info: init.info,
      packets: init.packets,
      metadata: init.metadata,
    })
    this.codec = init.codec
    this.hiddenSamples = init.hiddenSamples
  }
}
