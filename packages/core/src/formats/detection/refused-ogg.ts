import { pageLength, parsePage } from '../ogg/page.js'

/** How the first packet of a logical stream begins, and what that is; `undefined` marks what is recorded. */
const CODECS: readonly (readonly [magic: string, name: string | undefined])[] = [
  ['\x01vorbis', undefined],
  ['OpusHead', undefined],
  ['\x7fFLAC', undefined],
  ['Speex   ', 'Speex'],
  ['CELT    ', 'CELT'],
  ['PCM     ', 'PCM'],
  ['\x80theora', 'Theora video'],
  ['BBCD\0', 'Dirac video'],
  ['OVP80', 'VP8 video'],
]

/**
 * What an Ogg stream holds that is not recorded, in a few words; undefined when nothing speaks against it yet.
 * The first pages of all logical streams come before any other page.
 * @source RFC 3533 §4
 */
export function refusedOgg(head: Uint8Array): string | undefined {
  const names: string[] = []
  for (let at = 0; ;) {
    const length = pageLength(head, at)
    if (length <= 0 || at + length > head.length) return undefined
    const page = parsePage(head.subarray(at, at + length))
    if (!page) return undefined
    if (!page.beginOfStream) break
    const codec = CODECS.find(([magic]) =>
      [...magic].every((letter, index) => page.body[index] === letter.charCodeAt(0)),
    )
    if (codec && codec[1] === undefined) return undefined
    if (codec?.[1] !== undefined) names.push(codec[1])
    at += length
  }
  if (names.length === 0) return head[5] & 2 ? 'an Ogg stream of an unknown codec' : undefined
  return `an Ogg stream with ${names.join(' and ')}`
}
