import type { Codec } from '../model.js'

/** PCM, an array for each channel, all of one length; full scale is -1 to 1. */
export type Planes = readonly Float32Array[]

/** Decodes the packets of one stream, in order. */
export interface PacketDecoder {
  /**
   * What the next packet gives, or packets before it that a decoder held back. A damaged packet may give nothing, never an error.
   * The arrays are the caller's.
   */
  decode(packet: Uint8Array): Promise<Planes>
  /** Frees it; nothing may be decoded afterwards. */
  close(): void
}

/** What a decoder is opened for. */
export interface DecoderSetup {
  /** The codec. */
  readonly codec: Codec
  /** Number of channels. */
  readonly channels: number
  /** Header packets of the stream; empty where the codec has none. */
  readonly headers: readonly Uint8Array[]
}

/** Opens a decoder. @throws {@link IsrError} `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED` */
export type OpenDecoder = (setup: DecoderSetup) => Promise<PacketDecoder>

/** Containers that a program is told to expect: it must never guess, because some that it knows name other files. */
export type EncodedContainer = 'mp3' | 'aac' | 'ogg' | 'flac' | 'wav'

/** A whole file to decode: one on disk, or its bytes. */
export interface EncodedAudio {
  /** What it is, by content. */
  readonly container: EncodedContainer
  /** Path of a file on disk, or its bytes in order. */
  readonly from: string | AsyncIterable<Uint8Array>
}

/** Decodes whole files in a program of its own. */
export interface FileDecoder {
  /**
   * All audible samples as one WAV stream of 32-bit floats, its sizes left open.
   * @throws {@link IsrError} `ISR_DECODE_FAILED`, `ISR_STOPPED`
   */
  decode(audio: EncodedAudio, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>
}
