import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { EpochMs } from '../../model.js'
import { Alignment } from './alignment.js'
import { FrameMarks } from './frame-marks.js'

/** How much of what we have is remembered. Longer than any burst at usual rates: 64 KiB are 16 s of 32 kb/s. */
export const REMEMBERED_SECONDS = 30

/** How the last files of a run ended: what the next file needs to begin where they ended. */
export interface RunEnd {
  /** The run. */
  readonly run: string
  /** Wall clock of the end of its audio. */
  readonly endsAt: EpochMs
  /** Its last frames, oldest first: hidden pre-roll of the file that follows. */
  readonly history: readonly FrameSpan[]
  /** Title in force. */
  readonly title?: string
}

/** The end of what was recorded of a source, kept over reconnects so that the next run may go on there. */
export class SourceTail {
  readonly #formats: readonly Format[]
  readonly #marks: FrameMarks
  #end?: RunEnd

  /** @param formats - that tell how frames are recognised */
  constructor(formats: readonly Format[]) {
    this.#formats = formats
    this.#marks = this.#createMarks(REMEMBERED_SECONDS)
  }

  /** The last run with audio; undefined when nothing may follow it. */
  get end(): RunEnd | undefined {
    return this.#end
  }

  /** Frames that a run has kept; where it ends, it must tell. */
  add(span: FrameSpan): void {
    this.#end = undefined
    this.#marks.add(span)
  }

  /** A run that kept frames is over. */
  close(end: RunEnd): void {
    this.#end = end
  }

  /** Something is missing behind what was kept, or in it: nothing joins that any more. */
  forget(): void {
    this.#marks.clear()
    this.#end = undefined
  }

  /** Lays a new connection over it; undefined when there is nothing to go on from. */
  align(): Alignment | undefined {
    if (!this.#end || this.#marks.length === 0) return undefined
    return new Alignment(this.#marks, this.#createMarks())
  }

  #createMarks(maxSeconds?: number): FrameMarks {
    const identityOf = (name: string) => this.#formats.find((format) => format.name === name)?.identity
    return new FrameMarks(({ format }) => identityOf(format), maxSeconds)
  }
}
