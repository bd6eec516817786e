import type { IsrError } from '../../errors.js'
import { LEDGER_VERSION } from '../../ledger/entry.js'
import { ledgerTime } from '../../ledger/ledger-time.js'
import type { Ledger } from '../../ledger/ledger.js'
import type { EpochMs } from '../../model.js'

/** Time that was not recorded. */
interface Gap {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly seconds: number
  readonly cause: IsrError
}

/** What a {@link GapTracker} needs. */
export interface GapTrackerOptions {
  readonly source: string
  readonly ledger: Ledger
  readonly timeZone?: string
  readonly onGap: (gap: Gap) => void
}

/** Knows since when nothing is recorded and why; each such time becomes one gap, in the ledger and as an event. */
export class GapTracker {
  readonly #options: GapTrackerOptions
  #silent?: { readonly from: EpochMs; readonly cause: IsrError; readonly run: string }

  constructor(options: GapTrackerOptions) {
    this.#options = options
  }

  /** Audio ended at `from`. While a gap is open only its beginning and first cause count. */
  begin(from: EpochMs, cause: IsrError, run: string): void {
    this.#silent ??= { from, cause, run }
  }

  /** Nothing is missing: audio goes on where it ended. */
  join(): void {
    this.#silent = undefined
  }

  /** Audio is back, or nobody waits for it any more. A burst that reaches back before `from` leaves no gap. */
  end(to: EpochMs): void {
    const silent = this.#silent
    this.#silent = undefined
    if (silent && to > silent.from) this.tell({ ...silent, to })
  }

  /** Time that was not recorded amid audio that was. */
  tell({ from: since, to, cause, run }: Omit<Gap, 'seconds'> & { readonly run: string }): void {
    const { source, ledger, timeZone, onGap } = this.#options
    // times since 1970 leave no more than a quarter of a microsecond
    const seconds = Math.round((to - since) * 1000) / 1e6
    const from = ledgerTime(since, timeZone)
    onGap({ from: since, to, seconds, cause })
    void ledger.append({
      v: LEDGER_VERSION,
      type: 'gap',
      source,
      run,
      from: from.time,
      to: ledgerTime(to).time,
      utcOffset: from.utcOffset,
      seconds,
      cause: cause.code,
    })
  }
}
