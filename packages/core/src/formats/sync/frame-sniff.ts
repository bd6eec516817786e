import { countChain, findFrame, type FrameGrammar } from './frame-chain.js'
import { tagBytes } from './stream-tags.js'

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
 * of `head`; else, as in a stream joined midway or damaged, by the part of `head` that proven frames fill.
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
  const view = { grammar, bytes: head, final: true, knownIdentity: -1, cleanFrom: -1 }
  let frames = 0
  let filledBytes = 0
  for (let from = start; from < head.length;) {
    const { at, proven } = findFrame(view, from, head.length)
    if (!proven) break
    const chain = walk(grammar, head, at)
    if (at === start && chain.end === head.length) return 0.95
    frames += chain.frames
    filledBytes += chain.end - at
    from = chain.end
  }
  if (frames === 0) return 0.2 * countChain(view, start, grammar.chainFrames, true)
  const most = frames < 2 * grammar.chainFrames ? 0.6 : 0.85
  return (most * filledBytes) / (head.length - start)
}

/** The frames of one stream that follow each other from `at`, and where they end; the last may be cut by the end of `head`. */
function walk(grammar: FrameGrammar, head: Uint8Array, at: number): { readonly frames: number; readonly end: number } {
  const identity = grammar.identity(head, at)
  let frames = 0
  for (; at + grammar.headerBytes <= head.length; frames++) {
    const length = grammar.frameBytes(head, at)
    if (length === 0 || grammar.identity(head, at) !== identity) return { frames, end: at }
    at += length
  }
  return { frames, end: head.length }
}

function isContainer(head: Uint8Array): boolean {
  if (head[0] === 0x47 && head[TS_PACKET_BYTES] === 0x47 && head[2 * TS_PACKET_BYTES] === 0x47) return true
  return CONTAINERS.some(([at, magic]) =>
    [...magic].every((letter, index) => head[at + index] === letter.charCodeAt(0)),
  )
}
