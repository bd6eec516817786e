import type { OggCodec } from '../codecs/codec.js'
import type { OggPage } from '../page.js'

/**
 * Compares what the packets of a logical stream hold with what its granule positions say. The packets are right about
 * lengths; the granule positions tell whether the stream was joined under way and what to cut off at both ends.
 * @source RFC 7845 §4, Vorbis I appendix A.2
 */
export class StreamPosition {
  readonly #trims: OggCodec['granuleTrims']
  readonly #preSkipSamples: number
  /** Samples of all packets so far. */
  #decoded = 0
  /** Granule position of sample 0 of those; undefined until a page tells. */
  #origin: number | undefined
  /** Samples that are hidden at the start. */
  #hidden: number

  /**
   * The position amid a stream.
   * @param origin - granule position of its first sample
   * @param granule - of the next packet's first sample
   * @param hiddenSamples - how many samples were hidden at its start
   */
  static amid(trims: OggCodec['granuleTrims'], origin: number, granule: number, hiddenSamples: number): StreamPosition {
    const position = new StreamPosition(trims, hiddenSamples)
    position.#origin = origin
    position.#decoded = granule - origin
    return position
  }

  /** @param preSkipSamples - samples to hide at the true start of the stream */
  constructor(trims: OggCodec['granuleTrims'], preSkipSamples: number) {
    this.#trims = trims
    this.#preSkipSamples = preSkipSamples
    this.#hidden = preSkipSamples
  }

  /** Granule position of the first sample; undefined until a page tells. */
  get origin(): number | undefined {
    return this.#origin
  }

  /**
   * Moves on by the packets that end on `page`.
   * @param samples - what they hold
   * @returns how many of them are hidden at their start (more than `samples` when the next packets are hidden too), and cut off at their end
   */
  advance(samples: number, page: OggPage): { hiddenSamples: number; trimmedSamples: number } {
    const before = this.#decoded
    this.#decoded += samples
    let trimmedSamples = 0
    // a page on which packets end must say where; one that does not is believed for its packets
    if (page.granule >= 0) {
      if (this.#origin === undefined && before === 0) this.#start(page.granule - samples, page.endOfStream)
      const missing = (this.#origin ?? 0) + this.#decoded - page.granule
      // less than its own packets cannot be cut: such a position is damaged
      if (page.endOfStream && this.#trims.end && missing > 0 && missing <= samples) trimmedSamples = missing
      // after lost pages the positions have moved on, but the recording has not
      else this.#origin = page.granule - this.#decoded
    }
    return { hiddenSamples: Math.max(0, this.#hidden - before), trimmedSamples }
  }

  /** @param origin - granule position of the first packet's first sample, as the first page has it */
  #start(origin: number, onlyPage: boolean): void {
    if (origin > 0) this.#hidden = 0
    else if (origin < 0 && !onlyPage && this.#trims.start) this.#hidden = this.#preSkipSamples - origin
    // when the first page is the last one too, a short position cuts off the end
    this.#origin = onlyPage ? Math.max(0, origin) : origin
  }
}
