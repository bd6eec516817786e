import { setImmediate } from 'node:timers/promises'
import { LevelMeter } from '../../analysis/levels/level-meter.js'
import type { LevelBlock } from '../../analysis/levels/levels.js'
import type { OpenDecoder, Planes } from '../../decoders/decoder.js'
import { openSpanDecoder } from '../../editing/decode/open-span-decoder.js'
import type { SpanDecoder } from '../../editing/decode/span-decoder.js'
import { IsrError, toIsrError } from '../../errors.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { FrameHistory } from '../run/history/frame-history.js'
import type { OpenSpanMeter, SpanMeter } from './span-meter.js'

/** Frames that wait to be decoded: half a minute of the fattest streams. A file that is read faster than it is decoded has more. */
const MOST_WAITING_BYTES = 8 << 20
/** Decoded in one turn, in seconds of audio: some milliseconds of work. */
const TURN_SECONDS = 0.25

/** What {@link decodedMeters} works with. */
export interface DecodedMeterOptions {
  /** Opens decoders inside of this process. */
  readonly openDecoder: OpenDecoder
  /** How much audio before a file its decoder warms up with, in seconds, by the name of its format. */
  readonly historySeconds: (format: string) => number
}

/**
 * Meters for what is not PCM: frames are decoded beside the recording, a little in each turn of the event loop. Where decoding is too
 * slow it breaks off, and recording does not notice. AAC has no decoder inside of this process.
 */
export function decodedMeters(options: DecodedMeterOptions): OpenSpanMeter {
  let last: DecodedMeter | undefined
  return (header, onBlock) => {
    if (header.info.codec === 'pcm' || header.info.codec === 'aac') return undefined
    // a file goes on where the one before has ended
    const history = last?.header === header ? last.history : []
    last = new DecodedMeter(options, header, history, onBlock)
    return last
  }
}

class DecodedMeter implements SpanMeter {
  readonly header: HeaderCapture
  readonly #options: DecodedMeterOptions
  readonly #before: readonly FrameSpan[]
  readonly #onBlock: (block: LevelBlock) => void
  readonly #history = new FrameHistory()
  readonly #meter: LevelMeter
  #waiting: FrameSpan[] = []
  #waitingBytes = 0
  #decoder?: SpanDecoder
  #working?: Promise<void>
  #fault?: IsrError

  constructor(
    options: DecodedMeterOptions,
    header: HeaderCapture,
    before: readonly FrameSpan[],
    onBlock: (block: LevelBlock) => void,
  ) {
    this.#options = options
    this.header = header
    this.#before = before
    this.#onBlock = onBlock
    this.#meter = new LevelMeter(header.info)
    this.#history.reset(options.historySeconds(header.format))
    for (const span of before) this.#history.add(span)
  }

  get layout() {
    return this.header.info
  }

  get samples(): number {
    return this.#meter.samples
  }

  /** The last frames that it was given. */
  get history(): readonly FrameSpan[] {
    return this.#history.spans
  }

  write(span: FrameSpan): void {
    this.#history.add(span)
    if (this.#fault) return
    this.#waiting.push(span)
    this.#waitingBytes += span.bytes.length
    if (this.#waitingBytes > MOST_WAITING_BYTES) {
      const codec = this.header.info.codec.toUpperCase()
      return this.#fail(
        new IsrError('ISR_DECODE_FAILED', `${codec} comes faster than it is decoded: no levels of this file by now`),
      )
    }
    this.#working ??= this.#work()
  }

  async end(): Promise<void> {
    await this.#working
    try {
      if (this.#decoder && !this.#fault) this.#tell(await this.#decoder.end())
      if (!this.#fault) this.#pass(this.#meter.finish())
    } catch (error) {
      this.#fail(error)
    }
    this.#decoder?.close()
    this.#decoder = undefined
    if (this.#fault) throw this.#fault
  }

  async #work(): Promise<void> {
    try {
      for (let span = this.#waiting.shift(); span; span = this.#waiting.shift()) {
        this.#waitingBytes -= span.bytes.length
        for (const part of turnsOf(span)) {
          await setImmediate()
          if (this.#fault) break
          this.#decoder ??= await openSpanDecoder({
            first: part,
            history: this.#before,
            openDecoder: this.#options.openDecoder,
          })
          this.#tell(await this.#decoder.decode(part))
        }
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#working = undefined
  }

  #tell(planes: Planes): void {
    if (planes.length > 0) this.#pass(this.#meter.pushPlanes(planes))
  }

  #pass(block: LevelBlock): void {
    if (block.rms.length > 0) this.#onBlock(block)
  }

  #fail(error: unknown): void {
    this.#fault ??= toIsrError(error, 'ISR_DECODE_FAILED')
    this.#waiting = []
    this.#waitingBytes = 0
  }
}

/** Pieces of a span, each short enough for one turn. */
function* turnsOf(span: FrameSpan): Generator<FrameSpan> {
  const turns = Math.max(1, Math.ceil(span.durationSeconds / TURN_SECONDS))
  const frames = Math.ceil(span.frames / turns)
  for (let from = 0; from < span.frames; from += frames) yield span.slice(from, Math.min(span.frames, from + frames))
}
