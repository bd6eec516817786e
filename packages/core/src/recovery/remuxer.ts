import type { Format, Framer, Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../formats/format.js'
import type { FrameSpan } from '../formats/frame-span.js'
import type { HeaderCapture } from '../formats/header-capture.js'
import { FrameTally, type FrameTotals } from './reading/frame-tally.js'

/** What a {@link Remuxer} is made of. */
export interface RemuxerOptions {
  readonly format: Format
  /** Hidden frames that open the remains. */
  readonly prerollFrames: number
  readonly context: Omit<MuxerContext, 'history' | 'historyIsPreroll' | 'join'>
  /** So many frames behind those count; what follows is passed over. Default all. */
  readonly keepFrames?: number
  /** Takes the bytes of the new file, in order. */
  readonly onBytes: (bytes: Uint8Array) => void
}

/** How a file was made anew. */
export interface Remuxed extends MuxerEnd {
  /** What the muxer put into it. */
  readonly counts: MuxerCounts
  /** Bytes before the first frame. */
  readonly headerBytes: number
}

/**
 * The splitter run over the remains of a file without cuts: its whole frames through framer and muxer into a new file. The hidden
 * pre-roll goes in as it is.
 */
export class Remuxer {
  readonly #options: RemuxerOptions
  readonly #framer: Framer
  readonly #tally: FrameTally
  #preroll: FrameSpan[] = []
  #prerollFrames = 0
  #taken = 0
  #muxer?: Muxer
  #header?: HeaderCapture
  #headerBytes = 0

  constructor(options: RemuxerOptions) {
    this.#options = options
    this.#tally = new FrameTally(options.prerollFrames)
    this.#framer = options.format.createFramer({
      onSpan: (span) => this.#take(span),
      onDiscard: (bytes, reason) => this.#tally.onDiscard(bytes, reason),
    })
  }

  /** The next bytes of the remains; nobody changes them afterwards. */
  push(bytes: Uint8Array): void {
    this.#framer.push(bytes)
  }

  /**
   * The end of the remains.
   * @returns `found`: the frames in them that count; `made`: the new file, undefined when no whole frame of audio was there. Frames of a second
   * logical stream are counted and have no place in it
   */
  finish(): { readonly found: FrameTotals; readonly made?: Remuxed } {
    this.#framer.flush()
    const found = this.#tally.finish()
    const muxer = this.#muxer
    return {
      found,
      ...(muxer && { made: { ...muxer.end(), counts: muxer.counts, headerBytes: this.#headerBytes } }),
    }
  }

  #take(whole: FrameSpan): void {
    const span = this.#counting(whole)
    if (!span) return
    this.#tally.onSpan(span)
    this.#header ??= span.header
    if (span.header !== this.#header) return
    const hidden = Math.min(span.frames, this.#options.prerollFrames - this.#prerollFrames)
    if (hidden > 0) this.#preroll.push(span.slice(0, hidden))
    this.#prerollFrames += hidden
    if (hidden === span.frames) return
    const payload = span.slice(hidden, span.frames)
    this.#muxer ??= this.#begin(span.header)
    this.#options.onBytes(this.#muxer.write(payload))
  }

  /** What of a span counts. */
  #counting(span: FrameSpan): FrameSpan | undefined {
    const { keepFrames = Infinity, prerollFrames } = this.#options
    const room = prerollFrames + keepFrames - this.#taken
    this.#taken += span.frames
    if (span.frames <= room) return span
    return room > 0 ? span.slice(0, room) : undefined
  }

  #begin(header: HeaderCapture): Muxer {
    const { format, context, prerollFrames, onBytes } = this.#options
    const muxer = format.createMuxer(header, {
      ...context,
      join: prerollFrames > 0 ? 'exact' : 'verbatim',
      history: this.#preroll,
      historyIsPreroll: true,
    })
    this.#preroll = []
    const head = muxer.begin()
    this.#headerBytes = head.length
    onBytes(head)
    return muxer
  }
}
