/** The part of a file during which one title was in force. */
export interface Chapter {
  /** Its first audible sample. */
  readonly startSample: number
  /** The same in milliseconds from the first audible sample of the file. */
  readonly startMs: number
  /** Where the next one begins, or the file ends. */
  readonly endMs: number
  /** As it may stand in a tag; at most {@link MOST_NAME_BYTES}. */
  readonly name: string
}

/**
 * Longest name of a chapter, in bytes. With the byte for its encoding it stays below 128: sizes in ID3v2.4 have 7 bits a byte,
 * which ffmpeg overlooks inside chapters.
 */
export const MOST_NAME_BYTES = 126

/** Stands for all titles that there was no room for. */
const REST = '...'

/** How much room there is, and what a chapter takes. */
export interface ChapterRoom {
  /** Bytes for all chapters. */
  readonly roomBytes: number
  /** Bytes of one; `number` counts from 1. */
  readonly bytesOf: (chapter: Chapter, number: number) => number
  /** How many the format can number. */
  readonly most: number
}

/**
 * As many chapters as there is room for. When they are too many, the last one is called `...` and stands for all the rest: no
 * title is given for time that it was not in force. The ledger has them all.
 */
export function fitChapters(chapters: readonly Chapter[], room: ChapterRoom): readonly Chapter[] {
  const { roomBytes, bytesOf, most } = room
  const kept: Chapter[] = []
  let bytes = 0
  for (const [index, chapter] of chapters.entries()) {
    const isLast = index === chapters.length - 1
    const own = bytesOf(chapter, index + 1)
    const restBytes = isLast ? 0 : bytesOf({ ...chapter, name: REST }, index + 2)
    const needed = isLast ? 1 : 2
    if (index + needed > most || bytes + own + restBytes > roomBytes) {
      const { endMs } = chapters[chapters.length - 1]
      return index === 0 ? [] : [...kept, { ...chapter, endMs, name: REST }]
    }
    kept.push(chapter)
    bytes += own
  }
  return kept
}

/** `00:03:05.250` */
export function clockOf(ms: number): string {
  const part = (unit: number, size: number, digits: number) =>
    String(Math.floor(ms / unit) % size).padStart(digits, '0')
  return `${part(3_600_000, Infinity, 2)}:${part(60_000, 60, 2)}:${part(1000, 60, 2)}.${part(1, 1000, 3)}`
}
