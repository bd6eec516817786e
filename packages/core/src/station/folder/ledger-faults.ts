import type { IsrError, IsrErrorCode } from '../../errors.js'
import type { Listenable } from '../../events.js'
import type { RecorderEvents } from '../../recorder/events.js'
import type { Clock, Timer } from '../../time/clock.js'

/** What {@link LedgerFaults} works with. */
export interface LedgerFaultsOptions {
  readonly clock: Clock
  readonly onWarning: (warning: Parameters<RecorderEvents['warning']>[0]) => void
}

/** A volume that stays broken is told about once a minute, not once a second. */
const WARN_EVERY_MS = 60_000
/** A recorder learns of a broken volume with its first file, a moment later than the ledger. */
const HOLD_MS = 5000

/**
 * Tells of a ledger that cannot be used. A folder that cannot be written is one cause, and the recorder tells of it best: where a
 * source fails for the same reason, the ledger is silent.
 */
export class LedgerFaults {
  readonly #options: LedgerFaultsOptions
  #held?: { readonly error: IsrError; readonly what: string; readonly timer: Timer }
  #toldAtMs = -Infinity
  /** What the volume of each source fails with now. */
  readonly #volumeFaults = new Map<string, IsrErrorCode | undefined>()

  constructor(options: LedgerFaultsOptions) {
    this.#options = options
  }

  /** A source that shares the ledger. */
  follow(source: string, recorder: Listenable<RecorderEvents>): void {
    this.#volumeFaults.set(source, undefined)
    recorder.on('error', ({ error: { code } }) => {
      if (code.startsWith('ISR_STORAGE')) this.#volumeFaults.set(source, code)
    })
    recorder.on('recording:open', () => this.#volumeFaults.set(source, undefined))
  }

  /** @param what - what comes of it, for people */
  add(error: IsrError, what: string): void {
    const { clock } = this.#options
    if (this.#held || clock.monotonicMs() - this.#toldAtMs < WARN_EVERY_MS) return
    this.#held = { error, what, timer: clock.after(HOLD_MS, () => this.close()) }
  }

  /** Tells what is still held back. */
  close(): void {
    const held = this.#held
    if (!held) return
    held.timer.cancel()
    this.#held = undefined
    const { clock, onWarning } = this.#options
    this.#toldAtMs = clock.monotonicMs()
    const { code, message } = held.error
    for (const [source, volumeFault] of this.#volumeFaults)
      if (volumeFault !== code) onWarning({ source, code, message: `${held.what}: ${message}` })
  }
}
