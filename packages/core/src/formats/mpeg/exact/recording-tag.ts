import { formatIso } from '../../../time/strftime.js'
import type { Chapter } from '../../tags/chapter.js'
import type { RecordingFacts } from '../../tags/file-tags.js'
import { chapterRoomBytes } from '../../tags/tag-room.js'
import { id3v2Tag, textFrame, urlFrame, userTextFrame, type Id3Frame } from '../id3v2.js'
import { chapterFrames } from './chapter-frames.js'

/**
 * The truth about a recording as ID3v2.4: title `TIT2`, start `TDRC` (always UTC), and as `TXXX` the start in microseconds
 * UTC `isr_start`, the start as its place wrote it `isr_date`, the source `isr_source`; `WOAS` too when the source is a URL.
 * Written at the start with room for chapters, and again at the end; always of the same length.
 * @source ID3v2.4 structure §4 (timestamps are UTC), ID3v2.4 frames §4.2.5 TDRC, §4.3.1 WOAS
 */
export class RecordingTag {
  /** Bytes of the tag. */
  readonly sizeBytes: number
  readonly #roomBytes: number

  /** @param facts - what is known at the start */
  constructor(facts: RecordingFacts) {
    const leastBytes = id3v2Tag(factFrames(facts)).length
    this.#roomBytes = chapterRoomBytes(leastBytes, facts.title !== undefined)
    this.sizeBytes = leastBytes + this.#roomBytes
  }

  /** The tag, with as many chapters as it has room for. */
  write(facts: RecordingFacts, chapters: readonly Chapter[]): Uint8Array {
    return id3v2Tag([...factFrames(facts), ...chapterFrames(chapters, this.#roomBytes)], this.sizeBytes)
  }
}

function factFrames({ title, source, date, startMicroseconds }: RecordingFacts): Id3Frame[] {
  return [
    ...(title === undefined ? [] : [textFrame('TIT2', title)]),
    ...(startMicroseconds === undefined
      ? []
      : [
          textFrame('TDRC', formatIso(startMicroseconds / 1000).slice(0, 19)),
          userTextFrame('isr_start', String(startMicroseconds)),
        ]),
    ...(date === undefined ? [] : [userTextFrame('isr_date', date)]),
    userTextFrame('isr_source', source),
    ...(/^https?:\/\/[\x21-\x7e]+$/.test(source) ? [urlFrame('WOAS', source)] : []),
  ]
}
