import { readFileSync } from 'node:fs'

/**
 * Walks an ADTS file header by header: whole frames back to back from the first byte to the last.
 * faad and ffmpeg both pass files that end amid a frame.
 * @returns the first fault; undefined when there is none
 * @source ISO 13818-7 §6.2
 */
export function adtsFault(path: string): string | undefined {
  const bytes = readFileSync(path)
  let at = 0
  while (at < bytes.length) {
    if (bytes.length - at < 7) return `${bytes.length - at} bytes behind the last frame, at ${at}`
    if (bytes[at] !== 0xff || (bytes[at + 1] & 0xf6) !== 0xf0) return `no frame header at ${at}`
    const length = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5)
    if (length < 7) return `frame of ${length} bytes at ${at}`
    if (at + length > bytes.length) return `the frame at ${at} ends ${at + length - bytes.length} bytes behind the file`
    at += length
  }
  return at === 0 ? 'empty' : undefined
}
