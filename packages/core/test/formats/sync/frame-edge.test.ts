import { describe, expect, it } from 'vitest'
import { contentEdge, hasRun } from '../../../src/formats/sync/frame-edge.js'
import { join, randomIntegers } from '../support/framing.js'

const random = randomIntegers(9)
const audio = (length: number) => Uint8Array.from({ length }, (_, index) => 0x80 | (random(60) * 2 + (index & 1)))
const edgeOf = (before: Uint8Array, after: Uint8Array) => contentEdge(join(before, after), 0, before.length)

describe('contentEdge', () => {
  it('is clean where foreign bytes begin exactly behind the frame', () => {
    expect(edgeOf(audio(100), new Uint8Array(50))).toBe('clean')
    expect(edgeOf(audio(100), join('HTTP/1.1 404 Not Found\r\n'))).toBe('clean')
    expect(edgeOf(join(audio(80), new Uint8Array(20)), audio(50))).toBe('clean') // a frame with stuffing
  })

  it('is torn where they began inside it', () => {
    expect(edgeOf(join(audio(80), new Uint8Array(20)), new Uint8Array(50))).toBe('torn')
    expect(edgeOf(join(audio(80), "StreamTitle='x y z';"), join("StreamUrl='';"))).toBe('torn')
  })

  it('tells nothing where everything looks like audio', () => {
    expect(edgeOf(audio(100), audio(50))).toBe('unknown')
    expect(edgeOf(audio(100), new Uint8Array(5))).toBe('unknown')
    expect(edgeOf(audio(4), new Uint8Array(50))).toBe('unknown')
  })
})

describe('hasRun', () => {
  it('sees sixteen equal bytes in a row', () => {
    const bytes = join(audio(20), new Uint8Array(16), audio(20))
    expect(hasRun(bytes, 0, bytes.length)).toBe(true)
    expect(hasRun(bytes, 0, 35)).toBe(false)
    expect(hasRun(bytes, 21, bytes.length)).toBe(false)
    expect(hasRun(bytes, 5, 5)).toBe(false)
  })
})
