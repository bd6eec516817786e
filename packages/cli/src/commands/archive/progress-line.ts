import type { Io } from '../../io.js'
import { printable } from '../../output/safe-text.js'

const EVERY_MS = 200

/** `  42 % name`, rewritten in place on a terminal; nothing where nobody looks. */
export class ProgressLine {
  readonly #io: Pick<Io, 'stderr' | 'clock'>
  #shownAtMs: number
  #shown = false

  constructor(io: Pick<Io, 'stderr' | 'clock'>) {
    this.#io = io
    this.#shownAtMs = io.clock.monotonicMs()
  }

  /** Shows how far the work is. */
  show(done: number, total: number, what: string): void {
    const { stderr, clock } = this.#io
    const now = clock.monotonicMs()
    if (!stderr.isTerminal || stderr.busy || now - this.#shownAtMs < EVERY_MS) return
    this.#shownAtMs = now
    this.#shown = true
    const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 100
    stderr.write(`\r\u001b[K${`${String(percent).padStart(4)} % ${printable(what)}`.slice(0, stderr.columns - 1)}`)
  }

  /** Takes it away. */
  clear(): void {
    if (this.#shown) this.#io.stderr.write('\r\u001b[K')
    this.#shown = false
  }
}
