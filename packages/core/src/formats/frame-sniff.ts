import { countChain, findFrame, type FrameGrammar } from './frame-chain.js'
import { tagBytes } from './stream-tags.js'

/** How far a stream joined midway is searched for its first frame. */
const SEARCH_BYTES = 8192
/** What containers begin with, and where: frames inside them are not the stream itself. */
const CONTAINERS: readonly (readonly [at: number, magic: string])[] = [
  [0, 'OggS'],
  [0, 'fLaC'],
  [0, 'RIFF'],
  [0, 'RF64'],
  [0, 'FORM'],
  [0, 'FLV'],
  [0, '\x1aE\xdf\xa3'],
  [4, 'ftyp'],
]
/** Length of an MPEG transport stream packet, which begins with 0x47. */
const TS_PACKET_BYTES = 188

/**
 * Confidence 0..1 that `head` is a stream of such frames: 0.95 for a chain from the first byte, or from a tag, to the end
 * of `head`; less where it begins later (a stream joined midway), breaks off, or is short.
 *
 * @param insideTag - confidence in a `head` that is all tag, its frames still to come
 */
export function sniffFrames(grammar: FrameGrammar, head: Uint8Array, insideTag: number): number {
  if (isContainer(head)) return 0
  let start = 0
  for (let tag = tagBytes(head, 0, true); tag > 0; tag = tagBytes(head, start, true)) {
    start += tag
    if (start >= head.length) return insideTag
  }
  const view = { grammar, bytes: head, final: false, knownIdentity: -1 }
  const { at, proven } = findFrame({ ...view, final: true }, start, start + SEARCH_BYTES)
  if (!proven) return 0.2 * countChain({ ...view, final: true }, start, grammar.chainFrames, true)
  // without an end in sight the chain is undecided exactly when it runs to the end of `head`
  const unbroken = countChain(view, at, Infinity) < 0
  if (!unbroken) return countChain(view, at, 2 * grammar.chainFrames) < 2 * grammar.chainFrames ? 0.25 : 0.5
  if (at === start) return 0.95
  return countChain(view, at, 2 * grammar.chainFrames, true) < 0 ? 0.6 : 0.85
}

function isContainer(head: Uint8Array): boolean {
  if (head[0] === 0x47 && head[TS_PACKET_BYTES] === 0x47 && head[2 * TS_PACKET_BYTES] === 0x47) return true
  return CONTAINERS.some(([at, magic]) =>
    [...magic].every((letter, index) => head[at + index] === letter.charCodeAt(0)),
  )
}
