import { concatBytes } from '../../bytes/concat.js'
import type { Chapter } from '../tags/chapter.js'
import { fitChapters } from '../tags/chapter.js'
import type { RecordingFacts } from '../tags/file-tags.js'
import { box, fullBox, uint32, uint64, utf8 } from './box.js'

/** Type of a text value in UTF-8. */
const UTF8_VALUE = 1
/** Chapters are counted in one byte. */
const MOST_CHAPTERS = 255
/** A chapter's time is counted in these. */
const TICKS_PER_MS = 10_000

/**
 * Title, start and source as players and ffprobe read them, and the titles of the file as chapters.
 * @source QuickTime File Format, "Metadata"; the `ilst` atom of iTunes; the `chpl` atom of Nero
 */
export function userData(recording: RecordingFacts, chapters: readonly Chapter[]): Uint8Array {
  const { title, source, date, startMicroseconds } = recording
  const values = [
    ...(title === undefined ? [] : [box('\u00a9nam', textValue(title))]),
    ...(date === undefined ? [] : [box('\u00a9day', textValue(date))]),
    box('\u00a9too', textValue('ISR')),
    ...(startMicroseconds === undefined ? [] : [ownTag('ISR_START', String(startMicroseconds))]),
    ownTag('ISR_SOURCE', source),
  ]
  const handler = fullBox('hdlr', 0, 0, uint32(0), utf8('mdirappl'), uint32(0, 0), Uint8Array.of(0))
  return box('udta', ...chapterList(chapters), fullBox('meta', 0, 0, handler, box('ilst', ...values)))
}

function ownTag(name: string, text: string): Uint8Array {
  const mean = fullBox('mean', 0, 0, utf8('com.apple.iTunes'))
  return box('----', mean, fullBox('name', 0, 0, utf8(name)), textValue(text))
}

function textValue(text: string): Uint8Array {
  return box('data', uint32(UTF8_VALUE, 0), utf8(text))
}

function chapterList(chapters: readonly Chapter[]): Uint8Array[] {
  const fitting = fitChapters(chapters, { roomBytes: Infinity, bytesOf: () => 0, most: MOST_CHAPTERS })
  if (fitting.length === 0) return []
  const entries = fitting.map(({ startMs, name }) => {
    const text = utf8(name)
    return concatBytes([uint64(startMs * TICKS_PER_MS), Uint8Array.of(text.length), text])
  })
  return [fullBox('chpl', 1, 0, uint32(0), Uint8Array.of(entries.length), ...entries)]
}
