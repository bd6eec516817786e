import type { StreamInfo, StreamMetadata } from '../model.js'

/** What a {@link HeaderCapture} is made of. */
export interface HeaderCaptureInit {
  /** Name of the {@link Format}. */
  readonly format: string
  /** File extension without dot. */
  readonly extension: string
  /** The stream's facts. */
  readonly info: StreamInfo
  /** Header packets or blocks exactly as received. Default none. */
  readonly packets?: readonly Uint8Array[]
  /** Tags found in the headers. Default none. */
  readonly metadata?: StreamMetadata
}

/**
 * The codec headers captured from a live stream: all that a file needs to be playable alone. Immutable.
 * A framer makes a new object when a new logical stream begins; spans of one logical stream share it.
 * Formats extend it with what their muxer needs.
 */
export class HeaderCapture {
  /** Name of the {@link Format}. */
  readonly format: string
  /** File extension without dot: `mp3`, `aac`, `ogg`, `opus`, `oga`, `flac`, `wav`. */
  readonly extension: string
  /** The stream's facts. */
  readonly info: StreamInfo
  /** Header packets or blocks exactly as received; empty for MP3 and ADTS. */
  readonly packets: readonly Uint8Array[]
  /** Tags found in the headers (Vorbis comments), keys in lower case. */
  readonly metadata: StreamMetadata

  constructor(init: HeaderCaptureInit) {
    this.format = init.format
    this.extension = init.extension
    // a frozen copy by spread has a hidden class of its own, and every frame asks for its sample rate
    this.info = Object.freeze(Object.assign({}, init.info))
    this.packets = Object.freeze([...(init.packets ?? [])])
    this.metadata = Object.freeze({ ...init.metadata })
  }
}
