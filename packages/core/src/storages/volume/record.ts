/**
 * One piece of a file as it travels from the recorder to the thread of the volume, and as it stands in the journal: a head, the bytes,
 * and padding to eight. Little endian.
 *
 * | byte | | set by |
 * |---|---|---|
 * | 0 | magic `ISRJ` | thread |
 * | 4 | kind | recorder |
 * | 8 | file | recorder; in the journal the thread's own number |
 * | 12 | length of the bytes | recorder |
 * | 16 | position in the file, 64 bit | thread |
 * | 24 | generation of the journal | thread |
 * | 28 | CRC-32 of the head before this word and of the bytes | thread |
 */
export const RECORD_HEAD_BYTES = 32

/** First word of a record in the journal. */
export const RECORD_MAGIC = 0x4a525349

/** What a record is. */
export const RECORD = {
  /** Its file had failed: nobody wants it. */
  void: 0,
  /** Bytes of a file. */
  data: 1,
  /** Names a file: JSON of name and inode. */
  name: 2,
  /** Nothing of the file behind this position counts. */
  cut: 3,
  /** All of the generation before stands in the files. */
  free: 4,
} as const

/** A record with its padding, in bytes. */
export function recordBytes(lengthBytes: number): number {
  return (RECORD_HEAD_BYTES + lengthBytes + 7) & ~7
}
