import { concatBytes } from '../../bytes/concat.js'

const encoder = new TextEncoder()
const UTF8 = 3
const HEADER_BYTES = 10
/** Longer texts are cut: a title is data from the network. */
const MOST_CHARACTERS = 1000

/** One frame of an ID3v2.4 tag. */
export interface Id3Frame {
  /** Four characters, for example `TIT2`. */
  readonly id: string
  /** What stands in it. */
  readonly body: Uint8Array
}

/**
 * A text frame in UTF-8.
 * @source ID3v2.4 frames §4.2
 */
export function textFrame(id: string, text: string): Id3Frame {
  return { id, body: concatBytes([Uint8Array.of(UTF8), encoded(text)]) }
}

/**
 * A text frame of our own, named by `description`.
 * @source ID3v2.4 frames §4.2.6 TXXX
 */
export function userTextFrame(description: string, text: string): Id3Frame {
  return {
    id: 'TXXX',
    body: concatBytes([Uint8Array.of(UTF8), encoded(description), Uint8Array.of(0), encoded(text)]),
  }
}

/**
 * A URL frame.
 * @source ID3v2.4 frames §4.3
 */
export function urlFrame(id: string, url: string): Id3Frame {
  return { id, body: encoded(url) }
}

/**
 * A whole ID3v2.4 tag. UTF-8, its sizes and padding hold no 0xFF, so no reader can find a false MPEG sync in it; chapters may,
 * which readers only meet when they do not skip tags at all.
 * @param sizeBytes - padded to so many bytes. Default none: a tag cannot be cut
 * @source ID3v2.4 structure §3.1, §3.3, §4
 */
export function id3v2Tag(frames: readonly Id3Frame[], sizeBytes = 0): Uint8Array {
  const body = framesBytes(frames)
  const padding = new Uint8Array(Math.max(0, sizeBytes - HEADER_BYTES - body.length))
  const size = syncsafe(body.length + padding.length)
  return concatBytes([encoder.encode('ID3'), Uint8Array.of(4, 0, 0), size, body, padding])
}

/** Frames one after another, as they stand in a tag or in a frame that holds frames. */
export function framesBytes(frames: readonly Id3Frame[]): Uint8Array {
  return concatBytes(
    frames.flatMap(({ id, body }) => [encoder.encode(id), syncsafe(body.length), Uint8Array.of(0, 0), body]),
  )
}

/** 28 bits in four bytes, the highest bit of each clear. */
function syncsafe(value: number): Uint8Array {
  return Uint8Array.of((value >>> 21) & 0x7f, (value >>> 14) & 0x7f, (value >>> 7) & 0x7f, value & 0x7f)
}

/** NUL ends or divides texts in a tag, so it cannot stand in one. */
function encoded(text: string): Uint8Array {
  return encoder.encode(text.replaceAll('\0', ' ').slice(0, MOST_CHARACTERS))
}
