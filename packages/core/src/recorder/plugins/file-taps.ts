import type { IsrError } from '../../errors.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { Recording } from '../../model.js'
import type { FileTap, RecordingTap } from '../tap.js'
import { pluginError } from './plugin-guard.js'

/** The taps of one file. One that throws is told of, and asked no more; the file goes on. Frames wait until the file has its name. */
export class FileTaps {
  readonly #taps: readonly RecordingTap[]
  readonly #onFault: (error: IsrError) => void
  /** Those that take part, with their names. */
  readonly #open = new Map<FileTap, string>()
  #waiting: FrameSpan[] | undefined
  #recording?: Recording

  /** @param onFault - told of each failure; must not throw */
  constructor(taps: readonly RecordingTap[], onFault: (error: IsrError) => void) {
    this.#taps = taps
    this.#onFault = onFault
    if (taps.length > 0) this.#waiting = []
  }

  /** Takes frames that went into the file. */
  write(span: FrameSpan): void {
    if (!this.#waiting) return this.#pass(span)
    this.#waiting.push(span)
    this.#begin()
  }

  /** The file exists and has its name. */
  open(recording: Recording): void {
    this.#recording = recording
    this.#begin()
  }

  /** The file is complete on disk; undefined when there is none. */
  close(recording: Recording | undefined): void {
    this.#waiting = undefined
    for (const [tap, whose] of this.#open) if (recording) this.#call(whose, 'close', () => tap.close(recording))
    this.#open.clear()
  }

  /** Both a name and frames are there. A muxer may write other headers into the file: taps get those of the frames that they see. */
  #begin(): void {
    const [recording, waiting] = [this.#recording, this.#waiting]
    if (!recording || !waiting || waiting.length === 0) return
    this.#waiting = undefined
    for (const tap of this.#taps) {
      const whose = `the tap ${tap.constructor.name}`
      this.#call(whose, 'open', () => {
        const file = tap.open(recording, waiting[0].header)
        if (file) this.#open.set(file, whose)
      })
    }
    for (const span of waiting) this.#pass(span)
  }

  #pass(span: FrameSpan): void {
    for (const [tap, whose] of this.#open)
      if (!this.#call(whose, 'write', () => tap.write(span))) this.#open.delete(tap)
  }

  #call(whose: string, method: string, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      this.#onFault(pluginError(whose, method, error))
      return false
    }
  }
}
