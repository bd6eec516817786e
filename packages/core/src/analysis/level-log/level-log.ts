import type { EpochMs, Recording } from '../../model.js'
import { isoWithOffset } from '../../time/iso-with-offset.js'
import { utcOffsetMinutes } from '../../time/time-zone.js'
import { FilesInOrder } from '../levels/files-in-order.js'
import type { LevelFollower, LevelListener, MeasuredLayout } from '../levels/follower.js'
import { LEVEL_WINDOW_MS, overallRms, type LevelBlock } from '../levels/levels.js'
import { MinuteLevels, type MinuteFacts } from './minute-levels.js'

const MINUTE_MS = 60_000
const WINDOW_SECONDS = LEVEL_WINDOW_MS / 1000

/** The first line of a level log. */
export const LEVEL_LOG_HEADER = 'time,rms_dbfs,max_dbfs,l10_dbfs,l50_dbfs,l90_dbfs,peak_dbfs,seconds\n'

/** 100 ms over all channels; linear levels. */
interface Window {
  readonly at: EpochMs
  readonly rms: number
  readonly peak: number
}

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

  open({ startedAt }: Recording, { sampleRateHz }: MeasuredLayout): LevelListener {
    const turn = this.#files.begin()
    let windows = 0
    // how long it is, only the next one tells, or the end
    let latest: Window | undefined
    const tell = (seconds: number) => {
      const window = latest
      if (window) turn.run(() => this.#add(window, seconds))
    }
    const push = (block: LevelBlock) => {
      for (const [window, rms] of overallRms(block).entries()) {
        tell(WINDOW_SECONDS)
        const from = window * block.channels
        const peak = Math.max(...block.peak.subarray(from, from + block.channels))
        latest = { at: startedAt + windows++ * LEVEL_WINDOW_MS, rms, peak }
      }
    }
    const close = (recording: Recording | undefined, samples: number) => {
      tell(samples / sampleRateHz - (windows - 1) * WINDOW_SECONDS)
      return new Promise<void>((resolve) => {
        turn.end(() => resolve(recording?.closedBy === 'boundary' ? undefined : this.#pause()))
      })
    }
    return { push, close }
  }

  /** A window belongs to the minute in which it begins. */
  #add({ at, rms, peak }: Window, seconds: number): void {
    const minute = Math.floor(at / MINUTE_MS)
    if (minute !== this.#minute) this.#flush()
    this.#minute = minute
    this.#levels.add(rms, peak, seconds)
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
