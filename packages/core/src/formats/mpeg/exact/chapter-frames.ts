import { concatBytes } from '../../../bytes/concat.js'
import { fitChapters, type Chapter } from '../../tags/chapter.js'
import { framesBytes, textFrame, type Id3Frame } from '../id3v2.js'

/** The table of contents counts its chapters in one byte. */
const MOST_CHAPTERS = 255
/** "No byte position": times alone say where a chapter is. */
const NO_OFFSET = 0xffffffff
const TOP_LEVEL_AND_ORDERED = 3
const encoder = new TextEncoder()

/**
 * Chapters as frames: a table of contents, and for each chapter its times and its title. As many as fit into `roomBytes`.
 * @source ID3v2 Chapter Frame Addendum §3.1 CHAP, §3.2 CTOC
 */
export function chapterFrames(chapters: readonly Chapter[], roomBytes: number): Id3Frame[] {
  const fitting = fitChapters(chapters, {
    roomBytes: roomBytes - framesBytes([contents([])]).length,
    bytesOf: (chapter, number) => framesBytes([chapterFrame(chapter, number)]).length + elementId(number).length,
    most: MOST_CHAPTERS,
  })
  if (fitting.length === 0) return []
  const frames = fitting.map((chapter, index) => chapterFrame(chapter, index + 1))
  return [contents(fitting.map((_, index) => elementId(index + 1))), ...frames]
}

function contents(ids: readonly Uint8Array[]): Id3Frame {
  return { id: 'CTOC', body: concatBytes([text('toc'), Uint8Array.of(TOP_LEVEL_AND_ORDERED, ids.length), ...ids]) }
}

function chapterFrame({ startMs, endMs, name }: Chapter, number: number): Id3Frame {
  const times = new Uint8Array(16)
  const view = new DataView(times.buffer)
  for (const [index, value] of [startMs, endMs, NO_OFFSET, NO_OFFSET].entries()) view.setUint32(4 * index, value)
  return { id: 'CHAP', body: concatBytes([elementId(number), times, framesBytes([textFrame('TIT2', name)])]) }
}

function elementId(number: number): Uint8Array {
  return text(`c${number}`)
}

function text(characters: string): Uint8Array {
  return encoder.encode(`${characters}\0`)
}
