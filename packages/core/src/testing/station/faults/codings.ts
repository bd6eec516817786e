import { Buffer } from 'node:buffer'
import { constants, gzipSync } from 'node:zlib'

import { concatBytes } from '../../../bytes/concat.js'
import type { BodyCoding } from '../listener.js'

/** `Transfer-Encoding: chunked`. @source RFC 9112 §7.1 */
export function chunked(inner?: BodyCoding): BodyCoding {
  const chunk = (bytes: Uint8Array) =>
    bytes.length === 0
      ? bytes
      : concatBytes([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
  return {
    encode: (audio) => chunk(inner ? inner.encode(audio) : audio),
    end: () => concatBytes([chunk(inner?.end?.() ?? new Uint8Array(0)), Buffer.from('0\r\n\r\n')]),
  }
}

/** `Content-Encoding: gzip`: each piece of audio is a member of its own, so that nothing waits. @source RFC 1952 §2.2 */
export function gzipped(): BodyCoding {
  return { encode: (audio) => gzipSync(audio, { level: constants.Z_BEST_SPEED }) }
}

/**
 * Titles between the audio, as SHOUTcast sends them.
 * @param everyBytes - audio between two titles
 * @param titles - one after the other, the last for good; `undefined` is an empty block
 */
export function withTitles(everyBytes: number, titles: readonly (string | undefined)[]): BodyCoding {
  let untilTitle = everyBytes
  let next = 0
  const block = () => {
    const title = titles[Math.min(next, titles.length - 1)]
    const isNew = next++ < titles.length
    if (title === undefined || !isNew) return new Uint8Array(1)
    const text = Buffer.from(`StreamTitle='${title}';`, 'utf8')
    const sixteens = Math.min(255, Math.ceil(text.length / 16))
    const bytes = new Uint8Array(1 + 16 * sixteens)
    bytes[0] = sixteens
    bytes.set(text.subarray(0, 16 * sixteens), 1)
    return bytes
  }
  return {
    encode(audio) {
      const parts: Uint8Array[] = []
      let at = 0
      while (audio.length - at >= untilTitle) {
        parts.push(audio.subarray(at, at + untilTitle), block())
        at += untilTitle
        untilTitle = everyBytes
      }
      untilTitle -= audio.length - at
      return concatBytes([...parts, audio.subarray(at)])
    },
  }
}
