import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IndexedSpan, UniformSpan, type FrameSpan } from '../../src/formats/frame-span.js'
import { HeaderCapture } from '../../src/formats/header-capture.js'

const header = new HeaderCapture({
  format: 'mp3',
  extension: 'mp3',
  info: { codec: 'mp3', sampleRateHz: 44_100, channels: 2, bitrateBps: 128_000 },
})

const sums = (values: readonly number[]) => values.reduce<number[]>((all, value) => [...all, all.at(-1)! + value], [0])

/** Frames of any size and length, hidden ones (no samples) among them. */
const indexed = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 30 }),
    fc.nat(50),
  )
  .map(([frames, overhead]) => {
    const byteOffsets = sums(frames.map(([size]) => size))
    const bytes = Uint8Array.from({ length: byteOffsets.at(-1)! }, (_, index) => index)
    return new IndexedSpan(header, bytes, byteOffsets, sums(frames.map(([, length]) => length)), overhead)
  })

const uniform = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3 }), fc.nat(9))
  .map(([frames, size, length, overhead]) => {
    const bytes = Uint8Array.from({ length: frames * size }, (_, index) => index)
    return new UniformSpan(header, bytes, size, length, overhead)
  })

const span: fc.Arbitrary<FrameSpan> = fc.oneof(indexed, uniform)

/** What a span is, in plain data. */
const facts = (one: FrameSpan) => ({
  frames: Array.from({ length: one.frames }, (_, frame) => [...one.frame(frame)]),
  samples: Array.from({ length: one.frames }, (_, frame) => one.sampleOffset(frame + 1) - one.sampleOffset(frame)),
  overhead: one.overheadBytes,
})

describe('FrameSpan', () => {
  it('has frames that make up all its bytes and samples', () => {
    fc.assert(
      fc.property(span, (one) => {
        expect(one.byteOffset(0)).toBe(0)
        expect(one.sampleOffset(0)).toBe(0)
        expect(one.byteOffset(one.frames)).toBe(one.bytes.length)
        expect(facts(one).frames.flat()).toEqual([...one.bytes])
        expect(one.samples).toBe(facts(one).samples.reduce((sum, length) => sum + length))
        expect(one.durationSeconds).toBe(one.samples / 44_100)
      }),
    )
  })

  it('falls into two parts that are the whole, anywhere and as often as one likes, without a copy', () => {
    fc.assert(
      fc.property(span, fc.nat(), fc.nat(), (one, a, b) => {
        const [from, to] = [a % (one.frames + 1), b % (one.frames + 1)].sort((x, y) => x - y)
        const whole = facts(one)
        const part = one.slice(from, to)
        expect(part.bytes.buffer).toBe(one.bytes.buffer)
        expect(part.header).toBe(one.header)
        expect(facts(part)).toEqual({
          frames: whole.frames.slice(from, to),
          samples: whole.samples.slice(from, to),
          overhead: from === 0 ? whole.overhead : 0,
        })
        const rest = one.slice(from, one.frames)
        expect(facts(rest.slice(0, to - from)).frames).toEqual(whole.frames.slice(from, to))
        expect(one.slice(0, one.frames)).toBe(one)
      }),
    )
  })

  it('counts its overhead once, however it is sliced', () => {
    fc.assert(
      fc.property(span, fc.nat(), (one, at) => {
        const cut = 1 + (at % one.frames)
        const received = (part: FrameSpan) => part.bytes.length + part.overheadBytes
        expect(received(one.slice(0, cut)) + received(one.slice(cut, one.frames))).toBe(received(one))
      }),
    )
  })

  it('finds the first frame at or after a sample', () => {
    fc.assert(
      fc.property(span, fc.integer({ min: -5, max: 300 }), (one, sample) => {
        let expected = 0
        while (expected < one.frames && one.sampleOffset(expected) < sample) expected++
        expect(one.frameAtSample(sample)).toBe(expected)
      }),
    )
  })
})
