import type { EpochMs } from '../../model.js'
import { isoWithOffset } from '../../time/iso-with-offset.js'
import { wholeMs } from '../../time/time-zone.js'
import type { MuxerContext } from '../format.js'
import { MOST_NAME_BYTES, type Chapter } from './chapter.js'
import { tagText } from './tag-text.js'

/** More titles than this are not remembered: a source that sends them without end must not fill the memory. */
const MOST_CHAPTERS = 999

/** What the tags of a file tell. Texts are such as may stand in a tag. */
export interface RecordingFacts {
  /** Wall clock of the first sample, as its place writes it: `2026-11-22T17:00:00.250+01:00`; absent when nobody knows. */
  readonly date?: string
  /** The same in UTC, microseconds since 1970. Whole milliseconds, as in the ledger. */
  readonly startMicroseconds?: number
  /** Name of the source. */
  readonly source: string
  /** Title in force at the start; absent when none is known. */
  readonly title?: string
}

/** What recorder and station told about one file while it was written, for its tags. Memory is bounded. */
export class FileTags {
  readonly #context: Pick<MuxerContext, 'utcOffsetMinutes' | 'source' | 'title'>
  readonly #sampleRateHz: number
  readonly #marks: { readonly sample: number; readonly name: string }[] = []
  #startedAt?: EpochMs
  /** Title in force from the start; `''` when none is known. */
  readonly #first: string

  /** @param sampleRateHz - in which samples of marks are counted */
  constructor(
    context: Pick<MuxerContext, 'startedAt' | 'utcOffsetMinutes' | 'source' | 'title'>,
    sampleRateHz: number,
  ) {
    this.#context = context
    this.#sampleRateHz = sampleRateHz
    this.#startedAt = context.startedAt
    this.#first = nameOf(context.title)
    if (this.#first !== '') this.#marks.push({ sample: 0, name: this.#first })
  }

  /** What tags tell now. Everything in it keeps its length for as long as the file is written. */
  get facts(): RecordingFacts {
    const { utcOffsetMinutes, source, title = '' } = this.#context
    const text = tagText(title)
    return {
      ...(this.#startedAt !== undefined && {
        date: isoWithOffset(this.#startedAt, utcOffsetMinutes),
        startMicroseconds: wholeMs(this.#startedAt) * 1000,
      }),
      source: tagText(source),
      ...(text !== '' && { title: text }),
    }
  }

  /** The time of the first sample is known better now. */
  retime(startedAt: EpochMs): void {
    this.#startedAt = startedAt
  }

  /**
   * Another title is in force from `sample` on. Many stations send an empty one between songs: as for the splitter at titles,
   * it is no news, and neither is the same title again.
   */
  mark(title: string, sample: number): void {
    const name = nameOf(title)
    if (name === '') return
    if (this.#marks.at(-1)?.sample === sample) this.#marks.pop()
    if (name === this.#marks.at(-1)?.name || this.#marks.length > MOST_CHAPTERS) return
    this.#marks.push({ sample, name })
  }

  /** The chapters of a file of so many audible samples; none when one title was in force from its start to its end. */
  chapters(samples: number): readonly Chapter[] {
    // a title that no audio followed is none of this file
    const marks = this.#marks.filter(({ sample }) => sample < samples)
    if (marks.length === 1 && marks[0].sample === 0 && marks[0].name === this.#first) return []
    const msOf = (sample: number) => Math.round((sample * 1000) / this.#sampleRateHz)
    return marks.map(({ sample, name }, index) => ({
      startSample: sample,
      startMs: msOf(sample),
      endMs: msOf(marks[index + 1]?.sample ?? samples),
      name,
    }))
  }
}

function nameOf(title = ''): string {
  return tagText(title, MOST_NAME_BYTES)
}
