import { StorageError, type IsrError } from '../../../errors.js'
import type { EpochMs } from '../../../model.js'
import type { Storage } from '../../../storages/storage.js'
import type { Clock, Timer } from '../../../time/clock.js'
import { takesBytes } from './probe.js'

/** Since when a volume takes nothing, and why. */
export interface StorageFailure {
  /** Wall clock of the first fault. */
  readonly failingSince: EpochMs
  /** Stable code of the latest fault. */
  readonly code: string
}

/** What an {@link Outage} needs. */
export interface OutageOptions {
  readonly storage: Storage
  readonly clock: Clock
  /** What waits in memory, in bytes. */
  readonly waitingBytes: () => number
  /** The volume takes bytes: all files that wait may be tried again. */
  readonly onTry: () => void
  /** An outage began: told once for each. */
  readonly onBegin: (error: IsrError) => void
}

const FIRST_RETRY_MS = 250
const MOST_RETRY_MS = 2000
/** A volume is asked to take what waits, but not more than this at once. */
const MOST_PROBE_BYTES = 256 * 1024

/** The time in which the volume of a source takes nothing. It is tried again and again, until what waits is durable. */
export class Outage {
  readonly #options: OutageOptions
  #failure?: StorageFailure
  #error: IsrError = new StorageError('ISR_STORAGE_FAILED', 'the volume failed')
  #delayMs = FIRST_RETRY_MS
  #timer?: Timer
  #isTrying = false
  #stopped = false

  constructor(options: OutageOptions) {
    this.#options = options
  }

  /** Undefined while all is well. */
  get failure(): StorageFailure | undefined {
    return this.#failure
  }

  /** The latest fault. */
  get error(): IsrError {
    return this.#error
  }

  /** A file could not be written. */
  failed(error: IsrError): void {
    const isNew = this.#failure === undefined
    const failingSince = this.#failure?.failingSince ?? this.#options.clock.now()
    this.#failure = { failingSince, code: error.code }
    this.#error = error
    if (isNew) {
      this.#delayMs = FIRST_RETRY_MS
      this.#options.onBegin(error)
    }
    this.#plan()
  }

  /** Frames that had waited are durable: whatever else waits need not wait for its time. */
  recovered(): void {
    if (!this.#failure) return
    this.#failure = undefined
    this.#timer?.cancel()
    this.#timer = undefined
    this.#options.onTry()
  }

  /** It is tried no more. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #plan(): void {
    if (this.#timer || this.#isTrying || this.#stopped) return
    this.#timer = this.#options.clock.after(this.#delayMs, () => {
      this.#timer = undefined
      void this.#try()
    })
    this.#delayMs = Math.min(2 * this.#delayMs, MOST_RETRY_MS)
  }

  async #try(): Promise<void> {
    const { storage, waitingBytes, onTry } = this.#options
    this.#isTrying = true
    const bytes = Math.max(1, Math.min(waitingBytes(), MOST_PROBE_BYTES))
    const takes = await takesBytes(storage, bytes)
    this.#isTrying = false
    if (this.#stopped || !this.#failure) return
    if (takes) onTry()
    else this.#plan()
  }
}
