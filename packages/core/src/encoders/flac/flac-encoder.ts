import { IsrError, toIsrError } from '../../errors.js'
import type { PcmEncoder, PcmEncoderSetup } from '../encoder.js'
import type { LibFlac } from './libflac.js'
import { forgetLibFlac } from './load-libflac.js'
import { readSamples } from './read-samples.js'

const SAMPLE_BYTES = { s16: 2, s24: 3 } as const
const WORD_BYTES = 4

/** One encoder of libFLAC. */
export class FlacEncoder implements PcmEncoder {
  readonly #library: LibFlac
  readonly #channels: number
  readonly #blockSize: number
  readonly #sampleBytes: number
  /** Pointers; 0 when free. */
  #encoder = 0
  #block = 0

  /**
   * @param layout - one that {@link flacRefusal} lets pass
   * @param level - 0 to 8
   * @throws {@link IsrError} `ISR_ENCODE_FAILED`
   */
  constructor(library: LibFlac, { layout, blockSize }: PcmEncoderSetup, level: number) {
    this.#library = library
    this.#channels = layout.channels
    this.#blockSize = blockSize
    this.#sampleBytes = SAMPLE_BYTES[layout.sampleFormat as keyof typeof SAMPLE_BYTES]
    const { functions } = library
    const encoder = (this.#encoder = functions.FLAC__stream_encoder_new())
    this.#block = functions.malloc(blockSize * layout.channels * WORD_BYTES)
    this.#collect('init', () => {
      functions.FLAC__stream_encoder_set_compression_level(encoder, level)
      functions.FLAC__stream_encoder_set_channels(encoder, layout.channels)
      functions.FLAC__stream_encoder_set_bits_per_sample(encoder, this.#sampleBytes * 8)
      functions.FLAC__stream_encoder_set_sample_rate(encoder, layout.sampleRateHz)
      functions.FLAC__stream_encoder_set_blocksize(encoder, blockSize)
      if (encoder === 0 || this.#block === 0) return 0
      return functions.FLAC__stream_encoder_init_stream(encoder, library.writeCallback, 0, 0, 0, 0) === 0 ? 1 : 0
    })
  }

  encode(pcm: Uint8Array): readonly Uint8Array[] {
    const frames: Uint8Array[] = []
    const samples = pcm.length / (this.#sampleBytes * this.#channels)
    for (let sample = 0; sample < samples; sample += this.#blockSize) {
      const count = Math.min(this.#blockSize, samples - sample)
      const block = this.#library.words(this.#block, count * this.#channels)
      readSamples(pcm, sample * this.#channels * this.#sampleBytes, this.#sampleBytes, block)
      const { functions } = this.#library
      frames.push(
        ...this.#collect('process', () =>
          functions.FLAC__stream_encoder_process_interleaved(this.#encoder, this.#block, count),
        ),
      )
    }
    return frames
  }

  finish(): readonly Uint8Array[] {
    const frames = this.#collect('finish', () => this.#library.functions.FLAC__stream_encoder_finish(this.#encoder))
    this.#free()
    return frames
  }

  /** Calls libFLAC; what goes wrong ends the encoder. */
  #collect(step: string, call: () => number): readonly Uint8Array[] {
    const { functions } = this.#library
    let state: number | string = 'ended'
    try {
      if (this.#encoder !== 0) {
        const { result, frames } = this.#library.collect(call)
        if (result === 1) return frames
        state = functions.FLAC__stream_encoder_get_state(this.#encoder)
      }
      this.#free()
    } catch (error) {
      // a trap: nobody knows what it left behind
      this.#encoder = 0
      forgetLibFlac(this.#library)
      state = toIsrError(error, 'ISR_ENCODE_FAILED').message
    }
    throw new IsrError('ISR_ENCODE_FAILED', `libFLAC failed (${step}: ${state})`)
  }

  #free(): void {
    const { functions } = this.#library
    if (this.#encoder !== 0) functions.FLAC__stream_encoder_delete(this.#encoder)
    if (this.#block !== 0) functions.free(this.#block)
    this.#encoder = 0
    this.#block = 0
  }
}
