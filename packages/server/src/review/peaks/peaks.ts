import { join } from 'node:path'
import { IsrError, type Clip, type Editor, type LibraryEntry, type RecordedLevels } from '@isr/core'
import { SharedWork } from '../shared-work.js'
import { fromSamples } from './from-samples.js'
import { GrowingLevels } from './growing-levels.js'
import type { LevelsFiles } from './levels-files.js'
import { emptyCurve, fromLevels, type PeakCurve } from './peak-curve.js'

/** What is to be drawn. */
export interface PeaksWanted {
  /** The recording. */
  readonly entry: LibraryEntry
  /** From the start of the recording. */
  readonly fromSeconds: number
  /** From the start of the recording. */
  readonly toSeconds: number
  /** How many. */
  readonly points: number
}

/** What can be drawn. */
export interface PeaksFound {
  /** The waveform. */
  readonly curve: PeakCurve
  /** What it was made of. */
  readonly detail: 'samples' | 'levels'
  /** How much of the recording is measured; absent when only what is drawn was looked at. */
  readonly measuredSeconds?: number
}

/** Does what takes threads, or refuses it. */
type Costly = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Levels are kept for windows this long. */
const WINDOW_SECONDS = 0.1
/** More is never decoded for a drawing. */
const MAX_DECODED_SECONDS = 120
/** The drawing is made of what is kept then. */
const UNDRAWABLE = new Set<string>(['ISR_DECODER_MISSING', 'ISR_DECODE_FAILED', 'ISR_FORMATS_DIFFER'])

/** Draws recordings at any zoom: of levels, and of the samples themselves where points are shorter than what levels are kept for. */
export class Peaks {
  readonly #directory: string
  readonly #editor: Pick<Editor, 'run'>
  readonly #files: LevelsFiles
  readonly #growing: GrowingLevels
  readonly #measuring = new SharedWork<void>()
  readonly #following = new SharedWork<Awaited<ReturnType<GrowingLevels['read']>>>()

  /**
   * @param directory - folder of the recordings
   * @param editor - decodes
   * @param files - of levels
   */
  constructor(directory: string, editor: Pick<Editor, 'run'>, files: LevelsFiles) {
    this.#directory = directory
    this.#editor = editor
    this.#files = files
    this.#growing = new GrowingLevels((entry, from, to, signal) => this.#decode(entry, from, to, signal))
  }

  /** @throws {@link IsrError} as decoding and measuring do; what `costly` throws */
  async find(wanted: PeaksWanted, signal: AbortSignal, costly: Costly): Promise<PeaksFound> {
    const { entry, fromSeconds, toSeconds, points } = wanted
    const seconds = toSeconds - fromSeconds
    if (seconds / points < WINDOW_SECONDS && seconds <= MAX_DECODED_SECONDS) {
      const curve = await costly(() => this.#fromSamples(wanted, signal))
      if (curve) return { curve, detail: 'samples' }
    }
    const levels = await this.#levels(entry, signal, costly)
    if (!levels) return { curve: emptyCurve(points), detail: 'levels', measuredSeconds: 0 }
    const { reader } = levels
    try {
      const curve = fromLevels(await reader.levelsBetween(fromSeconds, toSeconds, points))
      return { curve, detail: 'levels', measuredSeconds: reader.durationSeconds }
    } finally {
      await levels.close()
    }
  }

  /** A recording was closed, or is gone. */
  closed(name: string): void {
    this.#growing.forget(name)
  }

  async #fromSamples({ entry, fromSeconds, toSeconds, points }: PeaksWanted, signal: AbortSignal) {
    try {
      const clip = await this.#decode(entry, fromSeconds, toSeconds, signal)
      return clip ? await fromSamples(clip, fromSeconds, toSeconds, points) : emptyCurve(points)
    } catch (error) {
      if (error instanceof IsrError && UNDRAWABLE.has(error.code)) return undefined
      throw error
    }
  }

  async #levels(entry: LibraryEntry, signal: AbortSignal, costly: Costly): Promise<RecordedLevels | undefined> {
    const kept = await this.#files.find(entry)
    if (kept) return kept
    const { name, sizeBytes } = entry
    if (!entry.active) {
      const key = `${sizeBytes} ${name}`
      await costly(() => this.#measuring.run(key, signal, (one) => this.#files.measure(entry, one)))
      return this.#files.find(entry)
    }
    try {
      const reader = await costly(() => this.#following.run(name, signal, (one) => this.#growing.read(entry, one)))
      return reader && { reader, memoryBytes: 0, close: () => Promise.resolve() }
    } catch (error) {
      // what cannot be decoded here is measured when it is closed
      if (error instanceof IsrError && UNDRAWABLE.has(error.code)) return undefined
      throw error
    }
  }

  /** Nothing is no error. */
  async #decode(
    { name }: LibraryEntry,
    startSeconds: number,
    endSeconds: number,
    signal: AbortSignal,
  ): Promise<Clip | undefined> {
    const within = this.#directory
    try {
      return await this.#editor.run('clip', { input: join(within, name), within, startSeconds, endSeconds }, { signal })
    } catch (error) {
      if (error instanceof IsrError && error.code === 'ISR_SPAN_EMPTY') return undefined
      throw error
    }
  }
}
