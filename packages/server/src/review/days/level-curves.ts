import type { LibraryEntry } from '@isr/core'
import type { LevelsFiles } from '../peaks/levels-files.js'
import { fromLevels, mixed } from '../peaks/peak-curve.js'
import { Recent } from '../recent.js'

/** Length of a step of a curve, in seconds: of steps of 10 s, which every file of levels has, two are one. */
export const STEP_SECONDS = 20

interface Curve {
  /** RMS in dBFS of each step; absent when nobody has measured. */
  readonly levels?: Float32Array
  readonly sizeBytes: number
  readonly readAtMs: number
}

/** Of 20,000 hours. */
const MOST_STEPS = 4_000_000
/** What grows, or is not measured, is looked at again after so long. */
const AGAIN_MS = 15_000
const CURVE_WEIGHT = 4
const SILENCE_DB = -120

/** How loud recordings are, coarsely, kept in memory: only what somebody has measured already is read. */
export class LevelCurves {
  readonly #files: Pick<LevelsFiles, 'find'>
  readonly #monotonicMs: () => number
  readonly #curves = new Recent<Curve>(MOST_STEPS, ({ levels }) => CURVE_WEIGHT + (levels?.length ?? 0))

  /**
   * @param files - of levels
   * @param monotonicMs - time
   */
  constructor(files: Pick<LevelsFiles, 'find'>, monotonicMs: () => number) {
    this.#files = files
    this.#monotonicMs = monotonicMs
  }

  /** RMS in dBFS of each {@link STEP_SECONDS}; undefined when nobody has measured. Never rejects. */
  async read(entry: LibraryEntry): Promise<Float32Array | undefined> {
    const known = this.get(entry)
    if (known) return known.levels
    const levels = await this.#read(entry).catch(() => undefined)
    const { name, sizeBytes } = entry
    this.#curves.set(name, { ...(levels && { levels }), sizeBytes, readAtMs: this.#monotonicMs() })
    return levels
  }

  /** The same as far as it is in memory, and still true. */
  get({ name, sizeBytes, active }: LibraryEntry): Pick<Curve, 'levels'> | undefined {
    const known = this.#curves.get(name)
    if (!known) return undefined
    const isFresh = this.#monotonicMs() - known.readAtMs < AGAIN_MS
    return isFresh || (!active && known.levels && known.sizeBytes === sizeBytes) ? known : undefined
  }

  /** It may be measured now. */
  forget(name: string): void {
    this.#curves.delete(name)
  }

  async #read(entry: LibraryEntry): Promise<Float32Array | undefined> {
    const found = await this.#files.find(entry)
    if (!found) return undefined
    try {
      const { reader } = found
      const steps = Math.ceil(reader.durationSeconds / STEP_SECONDS)
      if (steps === 0) return new Float32Array(0)
      const { rms } = mixed(fromLevels(await reader.levelsBetween(0, steps * STEP_SECONDS, steps)))
      return rms.map((level) => (level > 0 ? Math.max(SILENCE_DB, 20 * Math.log10(level)) : SILENCE_DB))
    } finally {
      await found.close()
    }
  }
}
