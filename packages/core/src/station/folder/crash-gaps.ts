import { IsrError } from '../../errors.js'
import { LEDGER_VERSION } from '../../ledger/entry.js'
import type { Ledger } from '../../ledger/ledger.js'
import { ledgerTime } from '../../ledger/ledger-time.js'
import type { LastAudio } from '../../ledger/read/ledger-scan.js'
import type { EpochMs } from '../../model.js'

/** Time that a recorder ended by force has left out. */
interface CrashGap {
  readonly source: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly seconds: number
  readonly cause: IsrError
}

/** What {@link CrashGaps} works with. */
interface CrashGapsOptions {
  readonly ledger: Ledger
  /** IANA zone of a source; undefined = the system's. */
  readonly timeZoneOf: (source: string) => string | undefined
  /** Told of each. */
  readonly onGap: (gap: CrashGap) => void
}

/**
 * The time between the last audio before a crash and the first after it is a gap like any other. Its ends become known in any order:
 * one when repair has measured what was left, the other when audio comes.
 */
export class CrashGaps {
  readonly #options: CrashGapsOptions
  readonly #before = new Map<string, LastAudio>()
  readonly #after = new Map<string, EpochMs>()

  constructor(options: CrashGapsOptions) {
    this.#options = options
  }

  /** Where the audio of a source ended before this start. */
  ended(source: string, last: LastAudio): void {
    if (last.ended || this.#before.has(source)) return
    this.#before.set(source, last)
    this.#close(source)
  }

  /** Audio of a source came again, or a gap began that is told already; only the first counts. */
  resumed(source: string, at: EpochMs): void {
    if (this.#after.has(source)) return
    this.#after.set(source, at)
    this.#close(source)
  }

  /** Audio of a source goes on where it ended: nothing is missing. */
  joined(source: string): void {
    this.resumed(source, -Infinity)
  }

  #close(source: string): void {
    const last = this.#before.get(source)
    const to = this.#after.get(source)
    if (!last || to === undefined || to <= last.endsAt) return
    const { ledger, timeZoneOf, onGap } = this.#options
    const timeZone = timeZoneOf(source)
    const seconds = (to - last.endsAt) / 1000
    const cause = new IsrError('ISR_INTERRUPTED', 'the recorder was ended by force', { source })
    const from = ledgerTime(last.endsAt, timeZone)
    void ledger.append({
      v: LEDGER_VERSION,
      type: 'gap',
      source,
      run: last.run,
      from: from.time,
      to: ledgerTime(to, timeZone).time,
      utcOffset: from.utcOffset,
      seconds,
      cause: cause.code,
    })
    onGap({ source, from: last.endsAt, to, seconds, cause })
  }
}
