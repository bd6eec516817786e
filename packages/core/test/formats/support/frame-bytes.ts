import { expect } from 'vitest'
import type { Format, Framer, FramerSink } from '../../../src/formats/format.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import type { HeaderCapture } from '../../../src/formats/header-capture.js'
import type { DiscardReason } from '../../../src/model.js'

/** What a framer made of some bytes. */
export interface Framed {
  readonly spans: FrameSpan[]
  readonly headers: HeaderCapture[]
  /** Every frame as text, so that results compare quickly. */
  readonly frames: string[]
  readonly discards: Partial<Record<DiscardReason, number>>
}

/** Feeds `bytes` in pieces of `sizes` (repeated) and asserts the law of bytes. */
export function frameBytes(
  create: (sink: FramerSink) => Framer,
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): Framed {
  const framed: Framed = { spans: [], headers: [], frames: [], discards: {} }
  let counted = 0
  const framer = create({
    onSpan(span) {
      if (span.frames === 0) throw new Error('a span without frames')
      counted += span.bytes.length + span.overheadBytes
      framed.spans.push(span)
      if (framed.headers.at(-1) !== span.header) framed.headers.push(span.header)
      for (let index = 0; index < span.frames; index++) {
        framed.frames.push(Buffer.from(span.frame(index)).toString('latin1'))
      }
    },
    onDiscard(count, reason) {
      if (count <= 0) throw new Error('a discard of nothing')
      counted += count
      framed.discards[reason] = (framed.discards[reason] ?? 0) + count
    },
  })
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length])
    framer.push(bytes.slice(at, at + size))
    at += size
  }
  framer.flush()
  expect(counted).toBe(bytes.length)
  return framed
}

/** What a recorder tells the muxer of a file that starts at 2026-11-22T17:00:00.250+01:00. */
export const CONTEXT = {
  join: 'exact',
  history: [],
  startedAt: Date.UTC(2026, 10, 22, 16, 0, 0, 250),
  utcOffsetMinutes: 60,
  source: 'Radio Süd',
  serial: 7,
  opusPrerollMs: 400,
} as const

/** The file that a format's muxer makes of spans. */
export function muxSpans(format: Format, spans: readonly FrameSpan[], title?: string): Uint8Array {
  const muxer = format.createMuxer(spans[0].header, { ...CONTEXT, ...(title !== undefined && { title }) })
  const parts = [muxer.begin(), ...spans.map((span) => muxer.write(span))]
  const { tail, patches } = muxer.end()
  const file = Buffer.concat([...parts, tail])
  for (const { offsetBytes, bytes } of patches) file.set(bytes, offsetBytes)
  return new Uint8Array(file)
}

/** Cuts spans before these frames, counted over all of them. */
export function cutSpans(spans: readonly FrameSpan[], cuts: readonly number[]): FrameSpan[][] {
  const parts: FrameSpan[][] = [[]]
  let frame = 0
  for (const span of spans) {
    let from = 0
    for (let index = 0; index < span.frames; index++, frame++) {
      if (!cuts.includes(frame)) continue
      if (index > from) parts.at(-1)!.push(span.slice(from, index))
      parts.push([])
      from = index
    }
    parts.at(-1)!.push(span.slice(from, span.frames))
  }
  return parts
}
