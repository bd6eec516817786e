import type { EpochMs, Recording } from '../../model.js'
import { isoWithOffset } from '../../time/iso-with-offset.js'
import { utcOffsetMinutes } from '../../time/time-zone.js'
import { FilesInOrder } from '../levels/files-in-order.js'
import type { LevelFollower, LevelListener } from '../levels/follower.js'
import { LEVEL_WINDOW_MS, overallRms, type LevelBlock } from '../levels/levels.js'
import { MinuteLevels, type MinuteFacts } from './minute-levels.js'

const MINUTE_MS = 60_000

/** The first line of a level log. */
export const LEVEL_LOG_HEADER = 'time,rms_dbfs,max_dbfs,l10_dbfs,l50_dbfs,l90_dbfs,peak_dbfs,seconds\n'

/** Takes the lines of a level log. */
export interface LevelLogSink {
  /**
   * Keeps a line; never waits, never throws.
   * @param day - of the log that it belongs to, in its time zone: `2026-11-22`
   * @param line - with its line break
   */
  write(day: string, line: string): void
  /** No line comes for a while. Resolves when all is written that can be. */
  rest(): Promise<void>
}

/**
 * A line of CSV for each minute of the clock in which something was measured. A minute that ends with a file is told in one line; one
 * that a disconnect or a stop breaks off is told as far as it came, and what follows in the same minute gets a line of its own.
 */
export class LevelLog implements LevelFollower {
  readonly #sink: LevelLogSink
  readonly #timeZone: string | undefined
  readonly #files = new FilesInOrder()
  #minute = -1
  #levels = new MinuteLevels()

  /**
   * @param sink - takes the lines
   * @param timeZone - IANA zone of times and days. Default the system's
   */
  constructor(sink: LevelLogSink, timeZone?: string) {
    this.#sink = sink
    this.#timeZone = timeZone
  }

  open({ startedAt }: Recording): LevelListener {
    const turn = this.#files.begin()
    let windows = 0
    const push = (block: LevelBlock) => {
      const at = startedAt + windows * LEVEL_WINDOW_MS
      windows += block.rms.length / block.channels
      turn.run(() => this.#take(block, at))
    }
    const close = (recording: Recording | undefined) =>
      new Promise<void>((resolve) => {
        turn.end(() => resolve(recording?.closedBy === 'boundary' ? undefined : this.#pause()))
      })
    return { push, close }
  }

  /** A window belongs to the minute in which it begins. */
  #take(block: LevelBlock, at: EpochMs): void {
    const { channels, peak } = block
    for (const [window, rms] of overallRms(block).entries()) {
      const minute = Math.floor((at + window * LEVEL_WINDOW_MS) / MINUTE_MS)
      if (minute !== this.#minute) this.#flush()
      this.#minute = minute
      this.#levels.add(rms, Math.max(...peak.subarray(window * channels, (window + 1) * channels)))
    }
  }

  #pause(): Promise<void> {
    this.#flush()
    return this.#sink.rest()
  }

  #flush(): void {
    const { facts } = this.#levels
    this.#levels = new MinuteLevels()
    if (!facts) return
    const at = this.#minute * MINUTE_MS
    const time = isoWithOffset(at, utcOffsetMinutes(at, this.#timeZone)).replace('.000', '')
    this.#sink.write(time.slice(0, 10), `${[time, ...columns(facts)].join(',')}\n`)
  }
}

function columns({ rmsDb, maxDb, l10Db, l50Db, l90Db, peakDb, seconds }: MinuteFacts): string[] {
  return [...[rmsDb, maxDb, l10Db, l50Db, l90Db, peakDb].map((db) => db.toFixed(2)), seconds.toFixed(1)]
}
