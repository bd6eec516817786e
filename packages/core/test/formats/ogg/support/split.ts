import { expect } from 'vitest'
import type { FrameSpan } from '../../../../src/formats/frame-span.js'
import type { FramerSink, MuxerContext, MuxerCounts, SplitJoin } from '../../../../src/formats/format.js'
import type { HeaderCapture } from '../../../../src/formats/header-capture.js'
import { oggFormat } from '../../../../src/formats/ogg/index.js'

/** The reasons that Ogg knows. */
type OggDiscardReason = 'sync' | 'partial-frame' | 'foreign'

/** What a framer gave for `bytes`. */
export interface Framed {
  readonly spans: FrameSpan[]
  readonly discards: Record<OggDiscardReason, number>
}

/** Frames `bytes` in chunks of `sizes`, over and over; checks the bytes law. */
export function frame(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): Framed {
  const discards = { sync: 0, 'partial-frame': 0, foreign: 0 }
  const spans: FrameSpan[] = []
  const sink: FramerSink = {
    onSpan: (span) => spans.push(span),
    onDiscard: (count, reason) => (discards[reason as OggDiscardReason] += count),
  }
  const framer = oggFormat.createFramer(sink)
  for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length])
    framer.push(bytes.subarray(offset, offset + size))
    offset += size
  }
  framer.flush()
  const kept = spans.reduce((sum, span) => sum + span.bytes.length + span.overheadBytes, 0)
  const dropped = Object.values(discards).reduce((sum, count) => sum + count, 0)
  expect(kept + dropped).toBe(bytes.length)
  return { spans, discards }
}

/** All packets of `spans`, in order. */
export function packetsOf(spans: readonly FrameSpan[]): Uint8Array[] {
  return spans.flatMap((span) => Array.from({ length: span.frames }, (_, index) => span.frame(index)))
}

/** One file of a split. */
export interface SplitFile {
  readonly header: HeaderCapture
  readonly bytes: Uint8Array
  readonly counts: MuxerCounts
  /** Sizes of what `begin` and each `write` gave. */
  readonly writes: number[]
}

/** How to split. */
export interface SplitOptions {
  /** Where files end, in seconds of each logical stream. */
  readonly cuts: readonly number[]
  readonly join?: SplitJoin
  readonly opusPrerollMs?: number
  readonly title?: string
}

/** The recorder in small: cuts at the first frame at or after each boundary, a new file for each header. */
export function split(spans: readonly FrameSpan[], options: SplitOptions): SplitFile[] {
  const files: SplitFile[] = []
  let header: HeaderCapture | undefined
  let history: FrameSpan[] = []
  let position = 0
  let framesInFile = 0
  let cuts: number[] = []
  let finish = () => {}
  let write: (span: FrameSpan) => void = () => {}
  const open = (first: FrameSpan) => {
    finish()
    framesInFile = 0
    const context: MuxerContext = {
      join: options.join ?? 'verbatim',
      history: [...history],
      startedAt: Date.UTC(2026, 10, 22, 16, 0, 0),
      utcOffsetMinutes: 60,
      source: 'Test',
      title: options.title,
      serial: 1000 + files.length,
      opusPrerollMs: options.opusPrerollMs ?? 400,
    }
    const muxer = oggFormat.createMuxer(first.header, context)
    const parts = [muxer.begin()]
    write = (span) => parts.push(muxer.write(span))
    finish = () => {
      const writes = parts.map((part) => part.length)
      const end = muxer.end()
      const bytes = Buffer.concat([...parts, end.tail])
      for (const patch of end.patches) bytes.set(patch.bytes, patch.offsetBytes)
      files.push({ header: first.header, bytes, counts: muxer.counts, writes })
    }
  }
  for (const whole of spans) {
    if (whole.header !== header) {
      history = []
      position = 0
      cuts = options.cuts.map((seconds) => Math.round(seconds * whole.header.info.sampleRateHz))
      header = whole.header
      open(whole)
    }
    let span = whole
    for (;;) {
      const cut = cuts.length > 0 ? span.frameAtSample(cuts[0] - position) : span.frames
      if (cut > 0) {
        const part = span.slice(0, Math.min(cut, span.frames))
        write(part)
        framesInFile += part.frames
        history.push(part)
        position += part.samples
      }
      if (cut >= span.frames) break
      cuts.shift()
      span = span.slice(cut, span.frames)
      if (framesInFile > 0) open(span)
    }
  }
  finish()
  return files
}
