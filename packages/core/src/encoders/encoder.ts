import type { PcmLayout } from '../model.js'

/** What an encoder is opened for. */
export interface PcmEncoderSetup {
  /** Of the PCM that goes in. */
  readonly layout: PcmLayout
  /** Samples per channel in a block, the last one aside. */
  readonly blockSize: number
}

/** Encodes the PCM of one file: synchronous, in order. It has to be ended by `finish`. */
export interface PcmEncoder {
  /**
   * Takes whole samples of all channels. At most one block waits for samples that follow.
   * @returns the frames that are complete now, in order; each is the caller's
   * @throws {@link IsrError} `ISR_ENCODE_FAILED`; nothing but `finish` may follow
   */
  encode(pcm: Uint8Array): readonly Uint8Array[]
  /**
   * Encodes what waits and frees the encoder.
   * @throws {@link IsrError} `ISR_ENCODE_FAILED`; it is free all the same
   */
  finish(): readonly Uint8Array[]
}

/** A kind of encoder with its settings; opens one for each file. */
export interface PcmEncoding {
  /** Name and version of the encoder, as its files tell it. */
  readonly name: string
  /** Samples per channel that its blocks should have at this rate. */
  blockSizeAt(sampleRateHz: number): number
  /** Why PCM like this cannot be encoded, and what helps; undefined when it can. */
  refusal(layout: PcmLayout): string | undefined
  /** @throws {@link IsrError} `ISR_ENCODE_FAILED` */
  open(setup: PcmEncoderSetup): PcmEncoder
}
