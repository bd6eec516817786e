import { concatBytes } from '../../bytes/concat.js'

/** A size that is not known: the element goes on to the end of the stream. */
const UNKNOWN_SIZE = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
const encoder = new TextEncoder()

/**
 * An element around `parts`.
 * @param id - with its length marker
 * @source RFC 8794 §4, §5, §6
 */
export function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  return concatBytes([bigEndian(id), sizeOf(size), ...parts])
}

/** The start of an element without end. */
export function endlessElement(id: number): Uint8Array {
  return concatBytes([bigEndian(id), UNKNOWN_SIZE])
}

/** An element that holds a whole number. */
export function numberElement(id: number, value: number): Uint8Array {
  return element(id, bigEndian(value))
}

/** An element that holds text. */
export function textElement(id: number, text: string): Uint8Array {
  return element(id, encoder.encode(text))
}

/** An element that holds a number of any size, in 64 bits. */
export function floatElement(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  return element(id, bytes)
}

/** Four bytes, which hold every size that is written here. */
function sizeOf(size: number): Uint8Array {
  return Uint8Array.of(0x10 | (size >>> 24), size >>> 16, size >>> 8, size)
}

/** As few bytes as it needs, at least one. */
function bigEndian(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.from(bytes)
}
