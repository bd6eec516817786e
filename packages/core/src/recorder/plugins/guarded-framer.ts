import type { Framer, FramerSink } from '../../formats/format.js'
import type { PluginGuard } from './plugin-guard.js'

/**
 * A framer that may fail: then what it was given and has not given back is discarded, and so is what comes after, because where
 * frames begin is not known any more. The frames it has given are good.
 */
export class GuardedFramer implements Framer {
  readonly #guard: PluginGuard
  readonly #sink: FramerSink
  #framer: Framer | undefined
  /** Bytes pushed and not given back. */
  #owedBytes = 0

  /** @param create - makes the framer */
  constructor(create: (sink: FramerSink) => Framer, sink: FramerSink, guard: PluginGuard) {
    this.#guard = guard
    this.#sink = sink
    guard.attempt(() => {
      this.#framer = create({
        onSpan: (span) => {
          this.#owedBytes -= span.bytes.length + span.overheadBytes
          sink.onSpan(span)
        },
        onDiscard: (bytes, reason) => {
          this.#owedBytes -= bytes
          sink.onDiscard(bytes, reason)
        },
      })
    })
  }

  push(bytes: Uint8Array): void {
    this.#owedBytes += bytes.length
    this.#use((framer) => framer.push(bytes))
  }

  flush(): void {
    this.#use((framer) => framer.flush())
  }

  #use(work: (framer: Framer) => void): void {
    const framer = this.#framer
    if (framer && this.#guard.attempt(() => work(framer))) return
    this.#framer = undefined
    this.#sink.onDiscard(this.#owedBytes, 'plugin')
    this.#owedBytes = 0
  }
}
