import { LEDGER_VERSION } from '../../../ledger/entry.js'
import { ledgerTime } from '../../../ledger/ledger-time.js'
import type { Discard, EpochMs } from '../../../model.js'
import type { FoundSeam } from '../../stitch/burst-hold.js'
import type { Quiet } from '../../trigger/quiet-stretch.js'
import type { RunOptions } from '../run-options.js'

/** How a run ended. */
export interface RunEnding {
  readonly startedAt: EpochMs
  readonly receivedBytes: number
  /** Code of the cause. */
  readonly cause: string
  /** Of the source's clock, in parts per million; undefined while unknown. */
  readonly driftPpm: number | undefined
  /** How often its time was set. */
  readonly timeSteps: number
}

type RunLinesOptions = Pick<RunOptions, 'clock' | 'ledger' | 'source' | 'naming' | 'observer'>

/** What the ledger, and who observes, is told of a run beside its files. */
export class RunLines {
  readonly #options: RunLinesOptions

  constructor(options: RunLinesOptions) {
    this.#options = options
  }

  /** The receiving side of the ledger law. */
  ended(run: string, { startedAt, receivedBytes, cause, driftPpm, timeSteps }: RunEnding): void {
    const { clock, ledger } = this.#options
    const { time, utcOffset } = this.#time(clock.now())
    void ledger.append({
      ...this.#head('run', run),
      startedAt: ledgerTime(startedAt).time,
      endedAt: time,
      utcOffset,
      receivedBytes,
      cause,
      ...(driftPpm !== undefined && { driftPpm }),
      ...(timeSteps > 0 && { timeSteps }),
    })
  }

  /** Received bytes that are in no file. */
  discarded(run: string, discard: Discard): void {
    const { clock, ledger, observer } = this.#options
    const at = clock.now()
    void ledger.append({ ...this.#head('discard', run), ...discard, ...this.#at(at) })
    observer.onDiscard(discard, at)
  }

  /** One line for the whole stretch. It has a place of its own in the run: the recordings around it do not join. */
  quiet(run: string, { bytes, seconds, from, to }: Quiet, seq: number): void {
    const { clock, ledger, observer } = this.#options
    const at = clock.now()
    const discard: Discard = { bytes, reason: 'quiet' }
    const span = { from: ledgerTime(from).time, to: ledgerTime(to).time, seconds }
    void ledger.append({ ...this.#head('discard', run), ...discard, ...this.#at(at), ...span, seq })
    observer.onDiscard(discard, at)
  }

  /** It goes on where another one ended. */
  joined(run: string, { end, frames }: FoundSeam, at: EpochMs): void {
    const { ledger, observer } = this.#options
    const [previousRun, overlapFrames] = [end.run, frames]
    void ledger.append({ ...this.#head('seam', run), previousRun, overlapFrames, ...this.#at(at) })
    observer.onSeam({ previousRun, overlapFrames, at })
  }

  #head<Type extends string>(type: Type, run: string) {
    return { v: LEDGER_VERSION, type, source: this.#options.source, run } as const
  }

  #time(at: EpochMs) {
    return ledgerTime(at, this.#options.naming.timeZone)
  }

  #at(at: EpochMs) {
    const { time, utcOffset } = this.#time(at)
    return { at: time, utcOffset }
  }
}
