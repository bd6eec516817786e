import { tagBytes, UNDECIDED } from './stream-tags.js'

/**
 * How a stream of frames that each begin with 0xFF and know their own length is read: MPEG audio, ADTS.
 * Pure, and in numbers only: called for every frame of every stream.
 */
export interface FrameGrammar {
  /** Bytes of a header that the functions below look at. */
  readonly headerBytes: number
  /** Consistent headers in a row that prove a frame where nothing is known. */
  readonly chainFrames: number
  /** Length in bytes of the frame whose header stands at `at`; 0 when none does. `headerBytes` bytes are there. */
  frameBytes(bytes: Uint8Array, at: number): number
  /** What never changes inside a logical stream, as one number >= 0. Asked only where a header stands. */
  identity(bytes: Uint8Array, at: number): number
}

/** Bytes to be searched. */
export interface ChainView {
  /** How to read them. */
  readonly grammar: FrameGrammar
  /** The bytes. */
  readonly bytes: Uint8Array
  /** No more bytes will come. */
  readonly final: boolean
  /** Identity of the frames before; -1 when there were none. */
  readonly knownIdentity: number
  /** Where a stream begins of which nothing but tags was seen; -1 when more was. */
  readonly cleanFrom: number
}

/** A chain this long is believed whatever else the bytes could mean. */
export const CERTAIN_FRAMES = 8

/**
 * Counts the consistent headers that follow each other from `at`, up to `wanted`; `UNDECIDED` when too few bytes are there.
 * A tag or the end of the stream exactly behind a frame counts as a header, as two for frames of the known identity
 * and for the frames of a stream that holds nothing else; with `strict` they do not count.
 */
export function countChain(view: ChainView, at: number, wanted: number, strict = false): number {
  const { grammar, bytes, final } = view
  const isClean = at === view.cleanFrom
  let count = 0
  let identity = -1
  for (;;) {
    if (at + grammar.headerBytes > bytes.length && !final) return UNDECIDED
    const length = at + grammar.headerBytes > bytes.length ? 0 : grammar.frameBytes(bytes, at)
    if (length === 0 || (count > 0 && grammar.identity(bytes, at) !== identity)) {
      if (count === 0 || strict) return count
      const tag = at < bytes.length ? tagBytes(bytes, at, final) : 0
      if (tag === UNDECIDED) return UNDECIDED
      const ended = tag > 0 || at === bytes.length
      const isSure = identity === view.knownIdentity || (isClean && at === bytes.length)
      return ended ? Math.min(wanted, count + (isSure ? 2 : 1)) : count
    }
    identity = grammar.identity(bytes, at)
    if (++count === wanted) return count
    at += length
  }
}

/**
 * The first position from `from` on where a frame is proven. `proven` false: none before `at`; search on from there when
 * more bytes have come.
 *
 * A payload may hold headers that chain by chance or by malice. So a proven chain is compared with every other chain
 * that begins inside its frames, and the longest wins, the earlier where they are alike.
 */
export function findFrame(
  view: ChainView,
  from: number,
  limit: number,
): { readonly at: number; readonly proven: boolean } {
  const { grammar, bytes } = view
  const end = Math.min(limit, bytes.length)
  let at = nextSync(bytes, from, end)
  for (; at < end; at = nextSync(bytes, at + 1, end)) {
    const count = countChain(view, at, grammar.chainFrames)
    if (count === UNDECIDED) break
    if (count < grammar.chainFrames) continue
    const best = strongest(view, at)
    return best === UNDECIDED ? { at, proven: false } : { at: best, proven: true }
  }
  return { at, proven: false }
}

/** Where the next 0xFF stands, `limit` when nowhere before it. */
export function nextSync(bytes: Uint8Array, from: number, limit: number): number {
  const at = from < limit ? bytes.indexOf(0xff, from) : -1
  return at < 0 || at > limit ? limit : at
}

/** The best chain among the one from `at` and those that begin inside its proven frames. */
function strongest(view: ChainView, at: number): number {
  const { grammar, bytes } = view
  let best = at
  let members = chainMembers(view, at)
  for (let rival = at + 1; ; rival++) {
    const end = members[members.length - 1]
    rival = nextSync(bytes, rival, end)
    if (rival >= end) return best
    const count = members.includes(rival) ? 0 : countChain(view, rival, grammar.chainFrames)
    if (count === UNDECIDED) return UNDECIDED
    if (count < grammar.chainFrames) continue
    const bestCount = countChain(view, best, CERTAIN_FRAMES)
    const rivalCount = countChain(view, rival, CERTAIN_FRAMES)
    if (bestCount === UNDECIDED || rivalCount === UNDECIDED) return UNDECIDED
    if (rivalCount <= bestCount) continue
    best = rival
    members = chainMembers(view, best)
  }
}

/** Where the frames of the proven chain from `at` begin; with a tag or the end of the stream in it, where that is. */
function chainMembers({ grammar, bytes }: ChainView, at: number): number[] {
  const members = [at]
  while (members.length < grammar.chainFrames && at + grammar.headerBytes <= bytes.length) {
    const length = grammar.frameBytes(bytes, at)
    if (length === 0) break
    at += length
    members.push(at)
  }
  return members
}
