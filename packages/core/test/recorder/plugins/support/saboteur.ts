import type { Format, Framer, Muxer } from '../../../../src/formats/format.js'
import { AfterDuration } from '../../../../src/splitters/after-duration.js'
import { Splitter } from '../../../../src/splitters/splitter.js'
import { numberedFormat } from '../../../support/numbered-format.js'

/** Every method of a plug-in that a recorder calls. */
export const METHODS = [
  ...['format.sniff', 'format.createFramer', 'framer.push', 'framer.flush'],
  ...['format.createMuxer', 'muxer.begin', 'muxer.mark', 'muxer.retime', 'muxer.write', 'muxer.end', 'muxer.counts'],
  'splitter.cut',
] as const
type Method = (typeof METHODS)[number]

/** Counts calls, and throws at one. */
export class Saboteur {
  readonly calls = new Map<Method, number>()
  readonly #method: Method | undefined
  readonly #at: number

  constructor(method?: Method, at = 0) {
    this.#method = method
    this.#at = at
  }

  call<T>(method: Method, work: () => T): T {
    const count = (this.calls.get(method) ?? 0) + 1
    this.calls.set(method, count)
    if (method === this.#method && count === this.#at) throw new Error('sabotage')
    return work()
  }

  readonly format: Format = {
    ...numberedFormat,
    sniff: (head) => this.call('format.sniff', () => numberedFormat.sniff(head)),
    createFramer: (sink) => this.call('format.createFramer', () => this.#framer(numberedFormat.createFramer(sink))),
    createMuxer: (header, context) =>
      this.call('format.createMuxer', () => this.#muxer(numberedFormat.createMuxer(header, context))),
  }

  /** Fails after it has done its work, which is worse. */
  #framer(framer: Framer): Framer {
    const after = (method: Method, work: () => void) => {
      work()
      this.call(method, () => {})
    }
    return {
      push: (bytes) => after('framer.push', () => framer.push(bytes)),
      flush: () => after('framer.flush', () => framer.flush()),
    }
  }

  #muxer(muxer: Muxer): Muxer {
    const call = this.call.bind(this)
    return {
      begin: () => call('muxer.begin', () => muxer.begin()),
      mark: (title) => call('muxer.mark', () => muxer.mark(title)),
      retime: (at) => call('muxer.retime', () => muxer.retime(at)),
      write: (span) => {
        const bytes = muxer.write(span)
        return call('muxer.write', () => bytes)
      },
      end: () => call('muxer.end', () => muxer.end()),
      get counts() {
        return call('muxer.counts', () => muxer.counts)
      },
    }
  }

  splitter(): Splitter {
    const inner = new AfterDuration({ seconds: 5 })
    const cut = (...call: Parameters<Splitter['cut']>) => this.call('splitter.cut', () => inner.cut(...call))
    return new (class Sabotaged extends Splitter {
      cut = cut
    })()
  }
}
