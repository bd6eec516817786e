import type { DiscardReason } from '../model.js'
import type { Format, Framer, FramerSink } from './format.js'
import { DETECTION_BYTES, FormatDetector } from './detection/format-detector.js'
import type { FrameSpan } from './frame-span.js'
import { ReplayBuffer } from './detection/replay-buffer.js'
import { describeUnknown } from './detection/unknown-bytes.js'

/** Fewer bytes without a frame at the end of a connection are no other format. */
const MIN_LAST_BYTES = 1024

/** What a {@link DetectingFramer} needs. */
export interface DetectingFramerOptions {
  /** The formats to choose from. */
  readonly formats: readonly Format[]
  /** Takes what is found. */
  readonly sink: FramerSink
  /** Lower-case media type that the source declares. Only a hint. Default none. */
  readonly contentType?: string
  /** Called once when the first 64 KiB, or all bytes of a shorter connection, are no audio; `looksLike` is `an HTML page` and the like. */
  readonly onUnknown?: (looksLike: string) => void
}

/**
 * A framer for bytes of unknown format: finds out by content, then hands on to that format's framer. Where that one sees no
 * frame for 64 KiB it asks again, so a source that changes its codec goes on in another file. No byte is lost on the way:
 * what is in doubt is kept and given to the framer that understands it.
 */
export class DetectingFramer implements Framer {
  readonly #options: DetectingFramerOptions
  /** Bytes received and not yet reported: still in doubt, or still in the framer. */
  readonly #kept = new ReplayBuffer()
  #detector: FormatDetector
  #format?: Format
  #framer?: Framer
  #next?: Format
  /** Discards of the framer since its last frame, not yet reported: perhaps frames of another format. */
  #doubts: { bytes: number; readonly reason: DiscardReason }[] = []
  #doubtBytes = 0
  #told = false

  constructor(options: DetectingFramerOptions) {
    this.#options = options
    this.#detector = this.#createDetector()
  }

  push(bytes: Uint8Array): void {
    this.#kept.push(bytes)
    if (this.#framer) this.#framer.push(bytes)
    else if (this.#kept.length >= this.#detector.neededBytes) this.#detect(false)
    this.#followNext(false)
  }

  flush(): void {
    if (!this.#framer && this.#kept.length > 0) this.#detect(true)
    this.#followNext(false)
    this.#framer?.flush()
    // what the end cut in half is of this format, whatever seems to stand in it: a page of Ogg FLAC holds FLAC frames
    const isCutOff = this.#doubts.every(({ reason }) => reason === 'partial-frame')
    if (!this.#next && !isCutOff && this.#doubtBytes >= MIN_LAST_BYTES) this.#reconsider(true)
    this.#followNext(true)
    this.#reportDoubts()
  }

  #createDetector(): FormatDetector {
    return new FormatDetector(this.#options.formats, this.#options.contentType ?? '')
  }

  /** Asks the formats about the first bytes; 64 KiB that none understands are given up and the next ones asked about. */
  #detect(final: boolean): void {
    while (this.#kept.length > 0) {
      const found = this.#detector.examine(this.#kept.bytes, final)
      if (found === 'more') return
      if (found !== 'unknown') {
        this.#next = found
        return
      }
      if (!this.#told) this.#options.onUnknown?.(describeUnknown(this.#kept.bytes))
      this.#told = true
      const count = Math.min(this.#kept.length, DETECTION_BYTES)
      this.#options.sink.onDiscard(count, 'sync')
      this.#kept.drop(count)
      this.#detector = this.#createDetector()
    }
  }

  /** Hands what is kept to the framer of the format found, as often as one is found. */
  #followNext(final: boolean): void {
    while (this.#next) {
      this.#format = this.#next
      this.#next = undefined
      this.#doubts = []
      this.#doubtBytes = 0
      this.#framer = this.#createFramer(this.#format)
      this.#framer.push(this.#kept.bytes)
      if (final && !this.#next) this.#framer.flush()
    }
  }

  /** A framer that is heard only while it is the one. */
  #createFramer(format: Format): Framer {
    const heard = () => this.#framer === framer && this.#next === undefined
    const framer: Framer = format.createFramer({
      onSpan: (span) => heard() && this.#takeSpan(span),
      onDiscard: (bytes, reason) => heard() && this.#takeDiscard(bytes, reason),
    })
    return framer
  }

  #takeSpan(span: FrameSpan): void {
    this.#reportDoubts()
    this.#kept.drop(span.bytes.length + span.overheadBytes)
    this.#options.sink.onSpan(span)
  }

  #takeDiscard(bytes: number, reason: DiscardReason): void {
    if (reason !== 'sync' && reason !== 'partial-frame') {
      this.#reportDoubts()
      this.#report(bytes, reason)
      return
    }
    this.#doubts.push({ bytes, reason })
    this.#doubtBytes += bytes
    while (this.#doubtBytes >= DETECTION_BYTES && !this.#next) this.#reconsider(false)
  }

  /** Asks whether the bytes without a frame are another format; if not, they are what they seemed to be. */
  #reconsider(final: boolean): void {
    const found = this.#createDetector().examine(this.#kept.bytes.subarray(0, DETECTION_BYTES), final)
    if (found !== 'more' && found !== 'unknown' && found !== this.#format) this.#next = found
    else this.#reportDoubts(DETECTION_BYTES)
  }

  /** Reports discards that were in doubt, the first `limit` bytes of them. */
  #reportDoubts(limit = Infinity): void {
    let rest = limit
    while (this.#doubts.length > 0 && rest > 0) {
      const [first] = this.#doubts
      const bytes = Math.min(first.bytes, rest)
      first.bytes -= bytes
      rest -= bytes
      this.#doubtBytes -= bytes
      if (first.bytes === 0) this.#doubts.shift()
      this.#report(bytes, first.reason)
    }
  }

  #report(bytes: number, reason: DiscardReason): void {
    this.#kept.drop(bytes)
    this.#options.sink.onDiscard(bytes, reason)
  }
}
