import { concatBytes } from '../../bytes/concat.js'
import { endlessMuxer } from '../../formats/endless/endless-muxer.js'
import type { EndlessContainer, EndlessMuxer } from '../../formats/endless/endless.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { FrameHistory } from '../run/history/frame-history.js'

/** Who listens. What it throws ends its listening, and nothing else. */
export interface LiveSink {
  /** The next bytes of the stream. Nobody mutates them. Synchronous and quick. */
  write(bytes: Uint8Array): void
  /** There is no more: the source was lost, sends something else now, or is recorded no more. Who listens again gets what comes then. */
  end(): void
}

/** A stream that has begun. */
export interface LiveStream {
  /** Media type; with codecs for fragmented MP4. */
  readonly contentType: string
  /** The beginning, up to now: headers and the latest audio. It goes on with what the sink gets. */
  readonly head: Uint8Array
  /** Ends it; the sink gets nothing more, nor is it told of the end. */
  close(): void
}

/** How to listen. */
export interface ListenOptions {
  /** What the frames go into. @defaultValue `'own'` */
  readonly container?: EndlessContainer
}

/** At least a frame is kept: a listener must know what is sent. */
const LEAST_SECONDS = 0.001

interface Listener {
  readonly muxer: EndlessMuxer
  readonly sink: LiveSink
}

/**
 * The audio of one source as it is recorded, for who wants to hear it now: what is received, whether or not the volume takes it.
 * Listeners never harm the recording.
 */
export class LiveAudio {
  /** How much of the latest audio is kept in memory, in seconds: listeners begin with it, so that they hear something at once. @defaultValue 0 */
  keepSeconds = 0
  readonly #source: string
  readonly #listeners = new Set<Listener>()
  /** The logical stream that is heard; undefined when there is none. */
  #header: HeaderCapture | undefined
  readonly #recent = new FrameHistory()
  readonly #onHeard: (isHeard: boolean) => void

  /**
   * @param source - its name
   * @param onHeard - told when the first one begins to listen, and when nobody does any more; must not throw
   */
  constructor(source: string, onHeard: (isHeard: boolean) => void = () => {}) {
    this.#source = source
    this.#onHeard = onHeard
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size
  }

  /** The next frames; those of another logical stream end the stream before. */
  push(span: FrameSpan): void {
    if (span.header !== this.#header) this.end()
    this.#header = span.header
    this.#recent.wantedSeconds = Math.max(this.keepSeconds, LEAST_SECONDS)
    this.#recent.add(span)
    for (const listener of this.#listeners) this.#attempt(listener, () => send(listener, span))
  }

  /** The same stream goes on under other headers, as that of a file in the next one. */
  continueAs(header: HeaderCapture): void {
    if (this.#header) this.#header = header
  }

  /** The stream under these headers is over; another one that has begun goes on. */
  endOf(header: HeaderCapture): void {
    if (header === this.#header) this.end()
  }

  /** The stream is over: listeners are told so. */
  end(): void {
    this.#header = undefined
    this.#recent.reset(0)
    const gone = [...this.#listeners]
    for (const listener of gone) this.#remove(listener)
    for (const listener of gone) this.#attempt(listener, () => listener.sink.end())
  }

  /**
   * Begins to listen.
   * @returns undefined when nothing is recorded now
   */
  listen(sink: LiveSink, { container = 'own' }: ListenOptions = {}): LiveStream | undefined {
    const recent = this.#recent.spans
    if (recent.length === 0) return undefined
    const muxer = endlessMuxer(recent[0], container, this.#source)
    const parts = [muxer.begin(), ...recent.map((span) => muxer.write(span)), muxer.flush()]
    const listener = { muxer, sink }
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#onHeard(true)
    return {
      contentType: muxer.contentType,
      head: concatBytes(parts),
      close: () => this.#remove(listener),
    }
  }

  #attempt(listener: Listener, work: () => void): void {
    try {
      work()
    } catch {
      // the recorder must not be told: its tap would be taken for broken
      this.#remove(listener)
    }
  }

  #remove(listener: Listener): void {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#onHeard(false)
  }
}

function send({ muxer, sink }: Listener, span: FrameSpan): void {
  const bytes = muxer.write(span)
  if (bytes.length > 0) sink.write(bytes)
}
