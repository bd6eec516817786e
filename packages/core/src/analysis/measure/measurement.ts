import type { SampleFormat } from '../../model.js'
import { LevelMeter } from '../levels/level-meter.js'
import type { LevelBlock } from '../levels/levels.js'
import { channelWeights, type ChannelOrder } from '../loudness/channel-weights.js'
import { LoudnessMeter } from '../loudness/loudness-meter.js'
import type { Loudness } from '../loudness/loudness.js'
import { PyramidWriter } from '../pyramid/pyramid-writer.js'
import { storedRms } from '../pyramid/stored-rms.js'
import { PageList } from './page-list.js'
import { RmsList } from './rms-list.js'

/** What is measured beside the levels. */
export interface MeasurementOptions {
  /** Loudness too, as EBU R 128 has it. */
  readonly loudness?: boolean
  /** The file of levels too, with the wall clock of the first sample where that is known. */
  readonly levels?: { readonly startedAt?: number }
}

/** What the samples of a recording are. */
export interface AudioLayout {
  /** Rate in Hz. */
  readonly sampleRateHz: number
  /** Number of channels. */
  readonly channels: number
}

/** What was measured of a whole recording: plain data. */
export interface Measured extends AudioLayout {
  /** Length of all that was decoded. */
  readonly durationSeconds: number
  /** RMS over all channels of each window of 100 ms; linear, 1 is full scale. */
  readonly rms: Float32Array
  /** The file of levels in pages, when asked for; absent when the layout changed inside of the recording. */
  readonly levels?: readonly Uint8Array[]
  /** Loudness, when asked for; absent when the layout changed. */
  readonly loudness?: Loudness
}

/** One pass over the audio of one recording. Where its layout changes, windows begin anew. */
export class Measurement {
  readonly #options: MeasurementOptions
  readonly #rms = new RmsList()
  readonly #pages = new PageList()
  #first?: AudioLayout
  #layout?: AudioLayout
  #meter?: LevelMeter
  #loudness?: LoudnessMeter
  #pyramid?: PyramidWriter
  #sampleFormat: SampleFormat = 's16'
  #secondsBefore = 0

  constructor(options: MeasurementOptions = {}) {
    this.#options = options
  }

  /** Seconds of audio so far. */
  get seconds(): number {
    return this.#secondsBefore + (this.#meter && this.#layout ? this.#meter.samples / this.#layout.sampleRateHz : 0)
  }

  /**
   * What comes next is laid out like this; nothing happens when it is as before.
   * @param sampleFormat - of bytes; means nothing for planes
   * @param order - of the channels; it matters for loudness when there are more than two
   * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for what cannot be measured, such as more than 8 channels
   */
  begin(
    { sampleRateHz, channels }: AudioLayout,
    sampleFormat: SampleFormat = 's16',
    order: ChannelOrder = 'wave',
  ): void {
    const layout = this.#layout
    const same = layout?.sampleRateHz === sampleRateHz && layout.channels === channels
    if (same && sampleFormat === this.#sampleFormat) return
    this.#endLayout()
    this.#layout = { sampleRateHz, channels }
    this.#sampleFormat = sampleFormat
    this.#meter = new LevelMeter({ sampleRateHz, channels, sampleFormat })
    if (this.#first) {
      // the file of levels and the loudness are of one layout
      this.#pyramid = undefined
      this.#loudness = undefined
      return
    }
    this.#first = this.#layout
    const { levels, loudness } = this.#options
    if (levels) {
      const head = { sampleRateHz, channels, startedAt: levels.startedAt ?? 0 }
      this.#pyramid = new PyramidWriter(head, (bytes) => this.#pages.push(bytes))
    }
    const weights = channelWeights(channels, order)
    if (loudness) this.#loudness = new LoudnessMeter({ sampleRateHz, channels, sampleFormat, channelWeights: weights })
  }

  /** Takes interleaved PCM of the format that was begun: whole frames. */
  pushBytes(pcm: Uint8Array): void {
    this.#loudness?.push(pcm)
    this.#take(this.#meter!.push(pcm))
  }

  /**
   * Takes interleaved PCM that `read` puts where it is measured, without a copy.
   * @param read - fills the room from its start and tells how many bytes it wrote, whole frames
   * @returns how many
   */
  pushFrom(read: (room: Uint8Array) => number): number {
    const { bytes, block } = this.#meter!.pushFrom((room) => {
      const count = read(room)
      this.#loudness?.push(room.subarray(0, count))
      return count
    })
    this.#take(block)
    return bytes
  }

  /** Takes decoded audio, an array for each channel; full scale is -1 to 1. */
  pushPlanes(planes: readonly Float32Array[]): void {
    this.#loudness?.pushPlanes(planes)
    this.#take(this.#meter!.pushPlanes(planes))
  }

  /** The audio is over. Undefined when there was none. */
  finish(): Measured | undefined {
    const samples = this.#meter?.samples ?? 0
    this.#endLayout()
    if (!this.#first || this.#secondsBefore === 0) return undefined
    this.#pyramid?.finish(samples)
    return {
      ...this.#first,
      durationSeconds: this.#secondsBefore,
      // of its own size: it travels to another thread
      rms: this.#rms.values.slice(),
      ...(this.#pyramid && { levels: this.#pages.pages }),
      ...(this.#loudness && { loudness: this.#loudness.loudness }),
    }
  }

  #endLayout(): void {
    this.#secondsBefore = this.seconds
    if (this.#meter) this.#take(this.#meter.finish())
    this.#meter = undefined
  }

  #take(block: LevelBlock): void {
    if (block.rms.length === 0) return
    this.#rms.push(storedRms(block))
    this.#pyramid?.push(block)
  }
}
