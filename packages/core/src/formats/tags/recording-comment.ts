import { concatBytes } from '../../bytes/concat.js'
import { commentMetadata, fieldName, writeVorbisComment, type VorbisComment } from '../ogg/vorbis-comment.js'
import { clockOf, fitChapters, type Chapter } from './chapter.js'
import type { RecordingFacts } from './file-tags.js'
import { chapterRoomBytes } from './tag-room.js'
import { tagText } from './tag-text.js'

const encoder = new TextEncoder()
/** The extension numbers chapters with three digits. */
const MOST_CHAPTERS = 999
const LENGTH_BYTES = 4
/** Positions in another file, or facts about it. */
const NOT_OF_THIS_FILE = /^(ISR_START|ISR_SOURCE|ISR_PREROLL|DATE|CHAPTER\d\d\d(NAME|URL)?)$/

/**
 * The comment of one recording: the station's tags, and when and whence it was recorded. `DATE` is the moment of the first
 * sample; a `DATE` of the station (the release) becomes `ORIGINALDATE`. `TITLE` is the one in force at the start: the station's
 * own, byte for byte, unless another was announced since. Chapters of the station are dropped: they count from another start.
 * @param prerollFrames - hidden frames at the start, where nothing but a tag can tell of them
 */
export function recordingComment(
  comment: VorbisComment,
  facts: RecordingFacts,
  chapters: readonly Chapter[] = [],
  prerollFrames = 0,
): VorbisComment {
  const fields: Uint8Array[] = []
  const names = new Set(comment.fields.map(fieldName))
  // a file that was recorded by us and is recorded again has a DATE of ours, not a release date
  const hasRelease = !names.has('ORIGINALDATE') && !names.has('ISR_START')
  const isStale = facts.title !== undefined && facts.title !== tagText(commentMetadata(comment).title ?? '')
  for (const field of comment.fields) {
    const name = fieldName(field)
    if (name === 'DATE' && hasRelease) fields.push(concatBytes([encoder.encode('ORIGINAL'), field]))
    if (!NOT_OF_THIS_FILE.test(name) && !(name === 'TITLE' && isStale)) fields.push(field)
  }
  const add = (text: string) => fields.push(encoder.encode(text))
  if (isStale) add(`TITLE=${facts.title}`)
  if (facts.date !== undefined) add(`DATE=${facts.date}`)
  if (facts.startMicroseconds !== undefined) add(`ISR_START=${facts.startMicroseconds}`)
  add(`ISR_SOURCE=${facts.source}`)
  if (prerollFrames > 0) add(`ISR_PREROLL=${prerollFrames}`)
  for (const [index, chapter] of chapters.entries()) fields.push(...chapterFields(chapter, index + 1))
  return { vendor: comment.vendor, fields }
}

/** The comment block of one recording, written at its start, and again at its end into the room that was kept behind it. */
export class CommentBlock {
  /** Bytes kept for chapters; 0 when the station's tags leave none of the first block. */
  readonly roomBytes: number
  /** Bytes of the block without chapters. */
  readonly sizeBytes: number
  readonly #comment: VorbisComment
  readonly #prerollFrames: number

  /**
   * @param comment - the station's
   * @param aroundBytes - of the first block of the file, for all but this
   * @param prerollFrames - hidden frames at the start, where nothing but a tag can tell of them
   */
  constructor(comment: VorbisComment, facts: RecordingFacts, aroundBytes: number, prerollFrames = 0) {
    this.#comment = comment
    this.#prerollFrames = prerollFrames
    this.sizeBytes = this.write(facts, [], 0).length
    this.roomBytes = chapterRoomBytes(aroundBytes + this.sizeBytes, facts.title !== undefined)
  }

  /** The block, with as many chapters as `roomBytes` hold: what they leave free is not in it. */
  write(facts: RecordingFacts, chapters: readonly Chapter[], roomBytes = this.roomBytes): Uint8Array {
    const fitting = fitChapters(chapters, { roomBytes, bytesOf: fieldBytes, most: MOST_CHAPTERS })
    return writeVorbisComment(recordingComment(this.#comment, facts, fitting, this.#prerollFrames))
  }
}

/** @source Chapter Extension of Vorbis comments, https://wiki.xiph.org/Chapter_Extension */
function chapterFields({ startMs, name }: Chapter, number: number): Uint8Array[] {
  const key = `CHAPTER${String(number).padStart(3, '0')}`
  return [encoder.encode(`${key}=${clockOf(startMs)}`), encoder.encode(`${key}NAME=${name}`)]
}

function fieldBytes(chapter: Chapter, number: number): number {
  return chapterFields(chapter, number).reduce((sum, field) => sum + LENGTH_BYTES + field.length, 0)
}
