import { concatBytes } from '../../bytes/concat.js'

const encoder = new TextEncoder()
/** Bytes of a box header: size and type. */
export const BOX_HEADER_BYTES = 8
/** Seconds from 1904, where MP4 counts from, to 1970. */
const EPOCH_1904_SECONDS = 2_082_844_800

/**
 * A box around `parts`.
 * @param type - four characters of Latin 1
 * @source ISO 14496-12 §4.2
 */
export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, BOX_HEADER_BYTES)
  return concatBytes([uint32(size), fourCc(type), ...parts])
}

/** A box with version and flags. */
export function fullBox(type: string, version: number, flags: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return box(type, uint32(version * 2 ** 24 + flags), ...parts)
}

/** Numbers of 32 bits, one after another. */
export function uint32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value)
  return bytes
}

/** Numbers of 16 bits, one after another. */
export function uint16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [(value >>> 8) & 0xff, value & 0xff]))
}

/** A number of 64 bits, at most 2^53. */
export function uint64(value: number): Uint8Array {
  return uint32(Math.floor(value / 2 ** 32), value % 2 ** 32)
}

/** A moment, given in microseconds since 1970, as MP4 counts it; 0 says that nobody knows. */
export function time64(epochMicroseconds: number | undefined): Uint8Array {
  if (epochMicroseconds === undefined) return uint64(0)
  return uint64(Math.max(0, Math.round(epochMicroseconds / 1e6) + EPOCH_1904_SECONDS))
}

/** Text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

function fourCc(type: string): Uint8Array {
  return Uint8Array.from(type, (character) => character.charCodeAt(0))
}
