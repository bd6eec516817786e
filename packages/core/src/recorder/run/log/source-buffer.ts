import type { GuardedEmitter } from '../../../events.js'
import type { IsrError } from '../../../errors.js'
import type { Storage } from '../../../storages/storage.js'
import type { Clock, Timer } from '../../../time/clock.js'
import type { RecorderEvents, RecorderStatus } from '../../events.js'
import { Outage } from '../outage/outage.js'
import { SourceLog } from './source-log.js'

/** What a {@link SourceBuffer} needs. */
export interface SourceBufferOptions {
  readonly source: string
  readonly storage: Storage
  readonly clock: Clock
  /** Most audio that is kept, in seconds. */
  readonly bufferSeconds: number
  readonly events: GuardedEmitter<RecorderEvents>
  /** Told of each outage, once. */
  readonly onOutage: (error: IsrError) => void
}

/** So much of a deadline is left for the last lines of the ledger. */
const LAST_SHARE = 0.01

/** What of a source is in memory because no volume has it durable, and what becomes of it when its volume fails. */
export class SourceBuffer {
  readonly log: SourceLog
  readonly outage: Outage
  readonly #clock: Clock
  #deadline?: Timer
  #loss?: IsrError

  constructor({ source, storage, clock, bufferSeconds, events, onOutage }: SourceBufferOptions) {
    this.#clock = clock
    this.log = new SourceLog({
      clock,
      bufferSeconds,
      syncSeconds: storage.syncSeconds ?? 0,
      onLag: (lag) => events.emit('durability', { source, ...lag }),
    })
    this.outage = new Outage({
      storage,
      clock,
      waitingBytes: () => this.log.state.bufferedBytes,
      onTry: () => this.log.tryAgain(),
      onBegin: onOutage,
    })
  }

  /** What a status tells of it. */
  get status(): Pick<RecorderStatus, 'durabilityLagSeconds' | 'bufferedSeconds' | 'bufferedBytes' | 'storage'> {
    const { lagSeconds: durabilityLagSeconds, bufferedSeconds, bufferedBytes } = this.log.state
    const { failure } = this.outage
    return { durabilityLagSeconds, bufferedSeconds, bufferedBytes, ...(failure && { storage: failure }) }
  }

  /** Why audio was given up at the end; undefined when none was. */
  get loss(): IsrError | undefined {
    return this.#loss
  }

  /** No more comes: what is not durable by then is given up. */
  endBy(deadlineMs: number): void {
    this.#deadline ??= this.#clock.after(deadlineMs * (1 - LAST_SHARE), () => {
      this.outage.stop()
      if (this.log.giveUp()) this.#loss = this.outage.error
    })
  }

  /** Nothing is left. */
  end(): void {
    this.#deadline?.cancel()
    this.outage.stop()
    this.log.stop()
  }
}
