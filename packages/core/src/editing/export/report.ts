import type { EpochMs } from '../../model.js'
import type { QuietTime } from './select.js'

/** Jumps shorter than this are rounding. */
const LEAST_SECONDS = 0.0005

/** Time inside the span that no recording has. */
export interface ExportGap {
  /** Wall clock of its start. */
  readonly from: EpochMs
  /** Wall clock of its end. */
  readonly to: EpochMs
  /** Its length. */
  readonly seconds: number
  /** Where it lies in the new file, in seconds from its start. */
  readonly atSeconds: number
  /** How much of it was not recorded because nothing was to be heard, and only sound is recorded; the rest is missing. */
  readonly quietSeconds: number
  /** Silence put in its place. */
  readonly filledSeconds: number
}

/** Time that two recordings have both, as after a reconnect whose server sent audio from before; it is in the file twice. */
export type ExportOverlap = Pick<ExportGap, 'from' | 'to' | 'seconds' | 'atSeconds'>

/** A recording, or part of one, in the new file. */
export interface ExportedPart {
  /** Storage key. */
  readonly name: string
  /** Where it begins in the new file, in seconds. */
  readonly atSeconds: number
  /** Wall clock of its first sample taken. */
  readonly startedAt: EpochMs
  /** How much of it was taken. */
  readonly seconds: number
}

/** What an export is made of, while it is made. */
export class ExportReport {
  readonly #quiets: readonly QuietTime[]
  readonly gaps: ExportGap[] = []
  readonly overlaps: ExportOverlap[] = []
  readonly parts: ExportedPart[] = []

  /** @param quiets - time that was not recorded on purpose */
  constructor(quiets: readonly QuietTime[] = []) {
    this.#quiets = quiets
  }

  /** Wall clock of the end of the last part; undefined before the first. */
  get endsAt(): EpochMs | undefined {
    const last = this.parts.at(-1)
    return last && last.startedAt + last.seconds * 1000
  }

  /** Audio that is not recorded from `from` to `to`, or recorded twice when that is before. */
  jump(from: EpochMs, to: EpochMs, atSeconds: number, filledSeconds = 0): void {
    const seconds = (to - from) / 1000
    const quietSeconds = Math.min(seconds, this.#quietSeconds(from, to))
    if (seconds >= LEAST_SECONDS) this.gaps.push({ from, to, seconds, quietSeconds, atSeconds, filledSeconds })
    else if (seconds <= -LEAST_SECONDS) this.overlaps.push({ from: to, to: from, seconds: -seconds, atSeconds })
  }

  #quietSeconds(from: EpochMs, to: EpochMs): number {
    return this.#quiets.reduce((sum, quiet) => {
      return sum + Math.max(0, Math.min(to, quiet.to) - Math.max(from, quiet.from)) / 1000
    }, 0)
  }
}
