import { concatBytes } from '../../bytes/concat.js'
import type { StreamMetadata } from '../../model.js'

/**
 * The tag list that Vorbis, Opus and FLAC share. Kept as bytes, because stations send tags that are no valid UTF-8
 * and a tag that nobody asked to change must come out as it went in.
 * @source Vorbis I §5
 */
export interface VorbisComment {
  /** The encoder's name, UTF-8. */
  readonly vendor: Uint8Array
  /** `NAME=value` each, UTF-8. */
  readonly fields: readonly Uint8Array[]
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A comment without tags, for streams that have none. */
export const EMPTY_COMMENT: VorbisComment = { vendor: encoder.encode('ISR'), fields: [] }

/**
 * Reads a comment block; undefined when a length leads beyond the end.
 * @param start - first byte of the vendor length
 * @returns the comment and where the bytes after it begin
 * @source Vorbis I §5.2.1
 */
export function readVorbisComment(bytes: Uint8Array, start = 0): { comment: VorbisComment; end: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = start
  const readField = (): Uint8Array | undefined => {
    if (offset + 4 > bytes.length) return undefined
    const length = view.getUint32(offset, true)
    const from = offset + 4
    if (length > bytes.length - from) return undefined
    offset = from + length
    return bytes.subarray(from, offset)
  }
  const vendor = readField()
  if (vendor === undefined || offset + 4 > bytes.length) return undefined
  const count = view.getUint32(offset, true)
  offset += 4
  const fields: Uint8Array[] = []
  for (let index = 0; index < count; index++) {
    const field = readField()
    if (field === undefined) return undefined
    fields.push(field)
  }
  return { comment: { vendor, fields }, end: offset }
}

/** The block as it stands in a file, without any codec's prefix or framing bit. */
export function writeVorbisComment(comment: VorbisComment): Uint8Array {
  const parts: Uint8Array[] = [uint32(comment.vendor.length), comment.vendor, uint32(comment.fields.length)]
  for (const field of comment.fields) parts.push(uint32(field.length), field)
  return concatBytes(parts)
}

/** The tags as text, names in lower case; a name that comes twice keeps its first value. */
export function commentMetadata(comment: VorbisComment): StreamMetadata {
  const metadata: Record<string, string> = Object.create(null)
  for (const field of comment.fields) {
    const text = decoder.decode(field)
    const equals = text.indexOf('=')
    const name = text.slice(0, equals).toLowerCase()
    if (equals > 0 && !(name in metadata)) metadata[name] = text.slice(equals + 1)
  }
  return { ...metadata }
}

/** Name of a field in capitals. */
export function fieldName(field: Uint8Array): string {
  return decoder.decode(field.subarray(0, Math.max(0, field.indexOf(0x3d)))).toUpperCase()
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
