/** What a mark begins with: seven characters that stand in no silent audio by chance. */
export const MARK_MAGIC: Uint8Array = new TextEncoder().encode('#isr-no')
/** Length of a mark. */
const MARK_BYTES = 16

const STATION_AT = 7
const NUMBER_AT = 10
const CHECK_AT = 15
const NUMBER_SEPTETS = 5

/** Which frame of which station. */
export interface FrameMark {
  /** Number of the station, 0 to 2^21 - 1. */
  readonly station: number
  /** Number of the frame, 0 to 2^35 - 1. */
  readonly number: number
}

/**
 * Fills `out` from `start` to `end` with a mark and, behind it, bytes that follow from it: two frames never look alike, and one that is damaged
 * anywhere is found out. All bytes are below 128, so that nothing in them looks like the start of an MP3, ADTS or FLAC frame.
 */
export function fillMarked(out: Uint8Array, start: number, end: number, { station, number }: FrameMark): void {
  out.set(MARK_MAGIC, start)
  writeSeptets(out, start + STATION_AT, NUMBER_AT - STATION_AT, station)
  writeSeptets(out, start + NUMBER_AT, NUMBER_SEPTETS, number)
  out[start + CHECK_AT] = checkOf(out, start)
  let state = (number * 2654435761 + station * 40503 + 1) >>> 0 || 1
  for (let at = start + MARK_BYTES; at < end; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    out[at] = state & 0x7f
  }
}

/** The mark at `at`; undefined when none stands there, or not all of it. */
export function readMark(bytes: Uint8Array, at: number): FrameMark | undefined {
  if (at + MARK_BYTES > bytes.length || MARK_MAGIC.some((byte, index) => bytes[at + index] !== byte)) return undefined
  if (bytes[at + CHECK_AT] !== checkOf(bytes, at)) return undefined
  return {
    station: readSeptets(bytes, at + STATION_AT, NUMBER_AT - STATION_AT),
    number: readSeptets(bytes, at + NUMBER_AT, NUMBER_SEPTETS),
  }
}

function checkOf(bytes: Uint8Array, at: number): number {
  let sum = 0x15
  for (let index = STATION_AT; index < CHECK_AT; index++) sum = (sum * 31 + bytes[at + index]) & 0x7f
  return sum
}

function writeSeptets(out: Uint8Array, at: number, count: number, value: number): void {
  let rest = value
  for (let index = count - 1; index >= 0; index--) {
    out[at + index] = rest % 128
    rest = Math.floor(rest / 128)
  }
}

function readSeptets(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = 0; index < count; index++) value = value * 128 + bytes[at + index]
  return value
}
