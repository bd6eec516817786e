import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { EpochMs } from '../../model.js'
import { within, type Clock } from '../../time/clock.js'
import { FrameHistory } from '../run/history/frame-history.js'
import { Alignment } from './alignment.js'
import type { EarlierAudio } from './earlier-audio.js'
import { FrameMarks } from './frame-marks.js'

/** How much of what we have is remembered. Longer than any burst at usual rates: 64 KiB are 16 s of 32 kb/s. */
export const REMEMBERED_SECONDS = 30

/** So long a run waits for what an earlier process has recorded. Reading it takes some milliseconds; a disk may hang. */
export const EARLIER_WAIT_MS = 10_000

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
  /** Who waits to hear what an earlier process has recorded; undefined when nobody has to. */
  #awaited?: { readonly listeners: (() => void)[] }

  /** @param formats - that tell how frames are recognised */
  constructor(formats: readonly Format[]) {
    this.#formats = formats
    this.#marks = this.#createMarks(REMEMBERED_SECONDS)
  }

  /** The last run with audio; undefined when nothing may follow it. */
  get end(): RunEnd | undefined {
    return this.#end
  }

  /** Whether it is not known yet what an earlier process has recorded. */
  get isAwaited(): boolean {
    return this.#awaited !== undefined
  }

  /** What an earlier process has recorded is on its way. It counts unless a run has kept frames before it comes. */
  expect(earlier: Promise<EarlierAudio | undefined>, clock: Clock): void {
    const awaited = { listeners: [] as (() => void)[] }
    const known: EarlierAudio[] = []
    const reading = earlier.then((audio) => void (audio && known.push(audio))).catch(() => {})
    this.#awaited = awaited
    void within(clock, EARLIER_WAIT_MS, reading).then(() => {
      if (this.#awaited !== awaited) return
      this.#awaited = undefined
      for (const audio of known) this.#goOnFrom(audio)
      for (const listener of awaited.listeners) listener()
    })
  }

  /** Calls `listener` when nothing is awaited any more, unless a run keeps frames before that. */
  whenKnown(listener: () => void): void {
    this.#awaited?.listeners.push(listener)
  }

  /** Whether frames under these headers can be recognised when they come again. */
  recognises({ format }: HeaderCapture): boolean {
    return this.#formatOf(format)?.identity !== undefined
  }

  /** Frames that a run has kept; where it ends, it must tell. */
  add(span: FrameSpan): void {
    this.#awaited = undefined
    this.#end = undefined
    this.#marks.add(span)
  }

  /** A run that kept frames is over. */
  close(end: RunEnd): void {
    this.#end = end
  }

  /** Something is missing behind what was kept, or in it: nothing joins that any more. */
  forget(): void {
    this.#awaited = undefined
    this.#marks.clear()
    this.#end = undefined
  }

  /** Lays a new connection over it; undefined when there is nothing to go on from. */
  align(): Alignment | undefined {
    if (!this.#end || this.#marks.length === 0) return undefined
    return new Alignment(this.#marks, this.#createMarks())
  }

  #goOnFrom({ frames, run, endsAt, title }: EarlierAudio): void {
    const history = new FrameHistory()
    history.reset(this.#formatOf(frames.at(-1)?.header.format)?.historySeconds ?? 0)
    for (const span of frames) {
      this.#marks.add(span)
      history.add(span)
    }
    this.close({ run, endsAt, history: history.spans, ...(title !== undefined && { title }) })
  }

  #formatOf(name: string | undefined): Format | undefined {
    return this.#formats.find((format) => format.name === name)
  }

  #createMarks(maxSeconds?: number): FrameMarks {
    return new FrameMarks(({ format }) => this.#formatOf(format)?.identity, maxSeconds)
  }
}
