import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IndexedSpan, type FrameSpan } from '../../../../src/formats/frame-span.js'
import { HeaderCapture } from '../../../../src/formats/header-capture.js'
import { FrameHistory, historySeconds } from '../../../../src/recorder/run/history/frame-history.js'
import { numberedFormat } from '../../../support/numbered-format.js'

const RATE_HZ = 10
const header = new HeaderCapture({
  format: 'test',
  extension: 'test',
  info: { codec: 'mp3', sampleRateHz: RATE_HZ, channels: 1, bitrateBps: 0 },
})
const sums = (values: readonly number[]) => values.reduce<number[]>((all, value) => [...all, all.at(-1)! + value], [0])

/** A frame: its bytes and its samples. */
type Frame = readonly [bytes: number, samples: number]

/** Frames whose bytes are their number. */
function spanOf(frames: readonly Frame[], first: number): FrameSpan {
  const bytes = Uint8Array.from(frames.flatMap(([length], index) => Array<number>(length).fill((first + index) % 256)))
  const lengths = frames.map(([length]) => length)
  return new IndexedSpan(header, bytes, sums(lengths), sums(frames.map(([, samples]) => samples)))
}

const framesOf = (spans: readonly FrameSpan[]) =>
  spans.flatMap((span) => Array.from({ length: span.frames }, (_, frame) => [...span.frame(frame)]))

const frame: fc.Arbitrary<Frame> = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 8 }))

describe('FrameHistory', () => {
  it('holds the last frames, as many as wanted or all there are, and what was given does not change', () => {
    const pieces = fc.array(fc.array(frame, { minLength: 1, maxLength: 30 }), { maxLength: 12 })
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 60 }), (all, tenths) => {
        const wantedSeconds = tenths / 10
        const history = new FrameHistory()
        history.reset(wantedSeconds)
        const added: FrameSpan[] = []
        const given: { readonly spans: readonly FrameSpan[]; readonly frames: number[][] }[] = []
        let count = 0
        for (const frames of all) {
          const span = spanOf(frames, count)
          count += span.frames
          added.push(span)
          history.add(span)
          const { spans } = history
          given.push({ spans, frames: framesOf(spans) })
          const seconds = spans.reduce((sum, one) => sum + one.durationSeconds, 0)
          const heard = added.reduce((sum, one) => sum + one.durationSeconds, 0)
          expect(seconds).toBeGreaterThanOrEqual(Math.min(heard, wantedSeconds) - 1e-9)
          const kept = framesOf(spans)
          expect(kept).toEqual(kept.length > 0 ? framesOf(added).slice(-kept.length) : [])
        }
        for (const { spans, frames } of given) expect(framesOf(spans)).toEqual(frames)
      }),
    )
  })

  it('does not hold a long span for the few frames of its end', () => {
    const history = new FrameHistory()
    history.reset(1)
    const long = spanOf(Array<Frame>(1000).fill([100, 1]), 0)
    history.add(long)
    const [kept] = history.spans
    expect(kept.frames).toBe(10)
    expect(kept.bytes.buffer).not.toBe(long.bytes.buffer)
    expect(kept.bytes.buffer.byteLength).toBe(1000)
  })
})

it('believes no format that asks for more than its most, or for nonsense', () => {
  const asking = (seconds: number) =>
    historySeconds('exact', { ...numberedFormat, historySeconds: 2, historySecondsOf: () => seconds }, header)
  expect([0.5, 0, 3, -1, NaN].map(asking)).toEqual([0.5, 0, 2, 2, 2])
  expect(historySeconds('exact', { ...numberedFormat, historySeconds: 2 }, header)).toBe(2)
})
