import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WHOLE_FRAMES, type FrameIdentity } from '../../../src/formats/frame-identity.js'
import { IndexedSpan, type FrameSpan } from '../../../src/formats/frame-span.js'
import { HeaderCapture } from '../../../src/formats/header-capture.js'
import { Alignment } from '../../../src/recorder/stitch/alignment.js'
import { FrameMarks } from '../../../src/recorder/stitch/frame-marks.js'
import { judgeOverlap } from '../../../src/recorder/stitch/judge-overlap.js'
import { REMEMBERED_SECONDS } from '../../../src/recorder/stitch/source-tail.js'

/** Frames of 0.1 s. */
const FRAME_SECONDS = 0.1
const info = { codec: 'mp3', sampleRateHz: 1000, channels: 1, bitrateBps: 0 } as const
const headerOf = (setup: string) =>
  new HeaderCapture({ format: 'letters', extension: 'x', info, packets: [new TextEncoder().encode(setup)] })
const header = headerOf('one')
const bySetup: FrameIdentity = { setup: ({ packets }) => packets }

function spanOf(words: readonly string[], under = header): FrameSpan {
  const frames = words.map((word) => new TextEncoder().encode(word.padEnd(20, '.')))
  const bytes = Uint8Array.from(Buffer.concat(frames))
  const offsets = (step: number) => Array.from({ length: frames.length + 1 }, (_, frame) => frame * step)
  return new IndexedSpan(under, bytes, offsets(20), offsets(100))
}

const music = (from: number, to: number, name = 'm') =>
  Array.from({ length: to - from }, (_, index) => `${name}${from + index}`)
const silence = (frames: number) => new Array<string>(frames).fill('s')

/** `gapSeconds`: wall clock from our last frame to their first, negative where they reach back. */
function judge(
  ours: readonly FrameSpan[],
  theirs: readonly FrameSpan[],
  gapSeconds: number,
  burstIsOver = true,
  identity: FrameIdentity | 'none' = WHOLE_FRAMES,
) {
  const identityOf = () => (identity === 'none' ? undefined : identity)
  const marks = new FrameMarks(identityOf, REMEMBERED_SECONDS)
  for (const span of ours) marks.add(span)
  const alignment = new Alignment(marks, new FrameMarks(identityOf))
  for (const span of theirs) alignment.add(span)
  const verdict = judgeOverlap(alignment, { endsAt: 1e9, startsAt: 1e9 + gapSeconds * 1000, burstIsOver })
  return typeof verdict === 'string' ? verdict : verdict.frames
}

const judgeWords = (ours: readonly string[], theirs: readonly string[], gapSeconds: number, burstIsOver = true) =>
  judge([spanOf(ours)], [spanOf(theirs)], gapSeconds, burstIsOver)

describe('judgeOverlap', () => {
  it('finds the first new frame, wherever both sides begin', () => {
    const cases = fc.record({
      ours: fc.integer({ min: 1, max: 299 }),
      overlap: fc.integer({ min: 1, max: 500 }),
      fresh: fc.integer({ min: 0, max: 50 }),
    })
    fc.assert(
      fc.property(cases, ({ ours, overlap, fresh }) => {
        const end = 1000
        const found = judgeWords(music(end - ours, end), music(end - overlap, end + fresh), -overlap * FRAME_SECONDS)
        expect(found).toBe(overlap)
      }),
    )
  })

  it('is ready before the burst is over when time agrees, and waits when it may not', () => {
    expect(judgeWords(music(0, 100), music(80, 110), -2, false)).toBe(20)
    expect(judgeWords(music(0, 100), music(80, 110), -1, false)).toBe(20)
    expect(judgeWords(music(0, 100), music(80, 110), 1, false)).toBe('unproven')
  })

  it('joins nothing where a single bit is not the same', () => {
    const flip = fc.record({ frame: fc.integer({ min: 0, max: 19 }), bit: fc.integer({ min: 0, max: 159 }) })
    fc.assert(
      fc.property(flip, ({ frame, bit }) => {
        const theirs = spanOf(music(80, 110))
        theirs.bytes[frame * 20 + (bit >>> 3)] ^= 1 << (bit & 7)
        expect(judge([spanOf(music(0, 100))], [theirs], -2)).toBe('unproven')
      }),
    )
  })

  it('joins nothing in silence, where no frame tells which it is', () => {
    expect(judgeWords([...music(0, 50), ...silence(50)], silence(40), -3)).toBe('unproven')
    expect(judgeWords([...music(0, 50), ...silence(50)], [...silence(40), ...music(60, 70)], -3)).toBe('unproven')
    expect(judgeWords(silence(100), silence(100), -5)).toBe('unproven')
  })

  it('joins in silence when one frame tells', () => {
    expect(judgeWords([...music(0, 50), ...silence(50)], [...music(49, 50), ...silence(60)], -5.1)).toBe(51)
    expect(judgeWords([...silence(50), ...music(0, 5)], [...silence(20), ...music(0, 9)], -2.5)).toBe(25)
  })

  it('joins no jingle with its next broadcast', () => {
    const jingle = music(0, 80, 'jingle')
    const first = [...music(0, 50), ...jingle.slice(0, 60)]
    for (const seconds of [6, 10, 60, 600])
      expect(judgeWords(first, [...jingle.slice(20), ...music(90, 99)], seconds - 4)).toBe('unproven')
  })

  it('follows a loop by its time alone, and only where that is clear', () => {
    const loop = music(0, 50, 'loop')
    const ours = [...loop, ...loop, ...loop, ...loop.slice(0, 20)]
    const theirs = [...loop.slice(10), ...loop, ...loop.slice(0, 30)]
    // the burst began 6 s before our end, or 1 s: both fit the bytes
    expect(judgeWords(ours, theirs, -6)).toBe(60)
    expect(judgeWords(ours, theirs, -1.2)).toBe(10)
    expect(judgeWords(ours, theirs, -3.4)).toBe('unproven')
  })

  it('joins nothing that the burst does not reach, nor what another encoder made', () => {
    expect(judgeWords(music(0, 100), music(100, 140), 0)).toBe('unproven')
    expect(judgeWords(music(0, 100), music(105, 140), 0.5)).toBe('unproven')
    expect(judgeWords(music(0, 100), music(80, 110, 'other'), -2)).toBe('unproven')
  })

  it('joins no equal bytes that need another setup', () => {
    const ours = [spanOf(music(0, 100))]
    expect(judge(ours, [spanOf(music(80, 110), headerOf('one'))], -2, true, bySetup)).toBe(20)
    expect(judge(ours, [spanOf(music(80, 110), headerOf('two'))], -2, true, bySetup)).toBe('unproven')
  })

  it('knows what is all among ours, and waits for more of it', () => {
    expect(judgeWords(music(0, 100), music(50, 80), -5)).toBe('behind')
    expect(judgeWords([...music(0, 50), ...silence(50)], silence(10), -3)).toBe('unproven')
  })

  it('takes a programme that is sent from its start to everyone for what it is', () => {
    expect(judgeWords(music(0, 100), music(0, 30), 0)).toBe('unproven')
    expect(judgeWords(music(0, 100), music(0, 110), 1)).toBe('unproven')
  })

  it('takes another way that is late for the same audio', () => {
    expect(judgeWords(music(0, 290), music(0, 300), -29 + 12)).toBe(290)
  })

  it('forgets what cannot be recognised', () => {
    expect(judge([spanOf(music(0, 100))], [spanOf(music(80, 110))], -2, true, 'none')).toBe('unproven')
  })
})
