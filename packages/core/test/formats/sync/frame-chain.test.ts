import { describe, expect, it } from 'vitest'
import {
  CERTAIN_FRAMES,
  countChain,
  findFrame,
  nextSync,
  type FrameGrammar,
} from '../../../src/formats/sync/frame-chain.js'
import { UNDECIDED } from '../../../src/formats/sync/stream-tags.js'
import { join } from '../support/framing.js'

/** The simplest frames: 0xFF, a letter for the stream, the length; then whatever. */
const grammar: FrameGrammar = {
  headerBytes: 3,
  chainFrames: 3,
  frameBytes: (bytes, at) => (bytes[at] === 0xff && bytes[at + 1] >= 0x61 && bytes[at + 1] <= 0x7a ? bytes[at + 2] : 0),
  identity: (bytes, at) => bytes[at + 1],
}
const frame = (length: number, letter = 'a') =>
  join(Uint8Array.of(0xff), letter, Uint8Array.of(length), '.'.repeat(length - 3))
const view = (bytes: Uint8Array, final = false, knownIdentity = -1) => ({
  ...{ grammar, bytes, final, knownIdentity },
  cleanFrom: -1,
})
const tag = join('TAG', new Uint8Array(125))

describe('countChain', () => {
  const three = join(frame(10), frame(7), frame(9))

  it('counts headers that lead to each other', () => {
    expect(countChain(view(join(three, frame(5, 'b'))), 0, 8)).toBe(3)
    expect(countChain(view(join(three, 'garbage')), 0, 8)).toBe(3)
    expect(countChain(view(join(three, 'garbage')), 10, 8)).toBe(2)
    expect(countChain(view(join(three, 'garbage')), 1, 8)).toBe(0)
    expect(countChain(view(join(three, three)), 0, 4)).toBe(4)
  })

  it('waits for bytes that decide', () => {
    for (let length = 0; length < three.length + 3; length++) {
      const bytes = join(three, 'xyz').subarray(0, length)
      const count = countChain(view(bytes), 0, 3)
      expect(count).toBe(length < 20 ? UNDECIDED : 3)
    }
  })

  it('takes the end of the stream or a tag behind a frame for a header, for two where the stream is known', () => {
    const two = join(frame(10), frame(7))
    expect(countChain(view(two, true), 0, 8)).toBe(3)
    expect(countChain(view(two, true, 0x61), 0, 8)).toBe(4)
    expect(countChain(view(two.subarray(0, -1), true, 0x61), 0, 8)).toBe(2)
    expect(countChain(view(join(two, tag)), 0, 8)).toBe(3)
    expect(countChain(view(join(two, tag)), 0, 8, true)).toBe(2)
    expect(countChain(view(two, true), 0, 8, true)).toBe(2)
    expect(countChain(view(join(two, 'TAX')), 0, 8)).toBe(2)
  })
})

describe('findFrame', () => {
  const clean = join(...Array.from({ length: 10 }, () => frame(20)))

  it('finds the first proven frame', () => {
    expect(findFrame(view(join('noise', clean)), 0, Infinity)).toEqual({ at: 5, proven: true })
    expect(findFrame(view(join('noise', clean)), 6, Infinity)).toEqual({ at: 25, proven: true })
  })

  it('tells where to search on', () => {
    expect(findFrame(view(join('only noise')), 0, Infinity)).toEqual({ at: 10, proven: false })
    expect(findFrame(view(join('noise', frame(20), frame(20))), 0, Infinity)).toEqual({ at: 5, proven: false })
    expect(findFrame(view(join('noise', clean)), 0, 3)).toEqual({ at: 3, proven: false })
    expect(findFrame(view(new Uint8Array(0)), 0, Infinity)).toEqual({ at: 0, proven: false })
  })

  it('prefers the longer of two chains, and the earlier of equals', () => {
    const lured = Array.from({ length: 12 }, () => Uint8Array.from(frame(20)))
    for (const each of lured.slice(0, 4)) each.set(each.subarray(0, 3), 8) // a false chain of four
    const joinedInside = join(...lured).subarray(5)
    expect(findFrame(view(joinedInside), 0, Infinity)).toEqual({ at: 15, proven: true })
    for (const each of lured) each.set(each.subarray(0, 3), 8) // no difference any more
    expect(findFrame(view(join(...lured)), 0, Infinity)).toEqual({ at: 0, proven: true })
  })

  it('waits until rivals are decided', () => {
    const lured = Array.from({ length: 12 }, () => Uint8Array.from(frame(20)))
    for (const each of lured.slice(0, 4)) each.set(each.subarray(0, 3), 8)
    const bytes = join(...lured).subarray(5)
    const enough = 15 + (CERTAIN_FRAMES - 1) * 20 + 3
    for (let length = 3; length < enough; length++) {
      expect(findFrame(view(bytes.subarray(0, length)), 0, Infinity)).toEqual({ at: 3, proven: false })
    }
    expect(findFrame(view(bytes.subarray(0, enough)), 0, Infinity)).toEqual({ at: 15, proven: true })
  })
})

describe('nextSync', () => {
  it('never goes beyond its limit', () => {
    const bytes = Uint8Array.of(0, 0xff, 0, 0, 0xff)
    expect([nextSync(bytes, 0, 5), nextSync(bytes, 2, 5), nextSync(bytes, 2, 4), nextSync(bytes, 5, 5)]).toEqual([
      1, 4, 4, 5,
    ])
  })
})
