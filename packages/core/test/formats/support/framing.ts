import { expect } from 'vitest'
import type { Format, MuxerContext, MuxerCounts, SplitJoin } from '../../../src/formats/format.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import type { HeaderCapture } from '../../../src/formats/header-capture.js'
import type { DiscardReason } from '../../../src/model.js'
import { random } from '../../support/random.js'

/** What a framer finds, frame by frame, in stream order; neighbouring discards of one reason are one. */
export type Found =
  | { readonly frame: Uint8Array; readonly samples: number; readonly header: HeaderCapture }
  | { readonly discarded: number; readonly reason: DiscardReason }

/** Runs a framer over `bytes` in chunks of `nextSize()`; checks the law of the bytes. */
export function frameAll(format: Format, bytes: Uint8Array, nextSize: () => number = () => Infinity): Found[] {
  const found: Found[] = []
  const framer = format.createFramer({
    onSpan(span) {
      expect(span.frames).toBeGreaterThan(0)
      for (let index = 0; index < span.frames; index++) {
        const { samples } = span.slice(index, index + 1)
        found.push({ frame: span.frame(index), samples, header: span.header })
      }
    },
    onDiscard(count, reason) {
      expect(count).toBeGreaterThan(0)
      const last = found.at(-1)
      if (last && 'discarded' in last && last.reason === reason) {
        found[found.length - 1] = { discarded: last.discarded + count, reason }
      } else found.push({ discarded: count, reason })
    },
  })
  for (let at = 0; at < bytes.length;) {
    const size = Math.max(1, Math.min(nextSize(), bytes.length - at))
    framer.push(bytes.subarray(at, at + size))
    at += size
  }
  framer.flush()
  const sum = found.reduce((total, each) => total + ('frame' in each ? each.frame.length : each.discarded), 0)
  expect(sum).toBe(bytes.length)
  return found
}

/** The frames alone. */
export function framesOf(found: readonly Found[]): Uint8Array[] {
  return found.flatMap((each) => ('frame' in each ? [each.frame] : []))
}

/** The discards alone. */
export function discardsOf(found: readonly Found[]): { discarded: number; reason: DiscardReason }[] {
  return found.flatMap((each) => ('frame' in each ? [] : [each]))
}

/** The different headers, in order. */
export function headersOf(found: readonly Found[]): HeaderCapture[] {
  return [...new Set(found.flatMap((each) => ('frame' in each ? [each.header] : [])))]
}

/** As text that is compared fast; headers by what they say and by being the same object. */
export function fingerprint(found: readonly Found[]): string[] {
  const headers = headersOf(found)
  return found.map((each) =>
    'frame' in each
      ? `${headers.indexOf(each.header)} ${JSON.stringify(each.header.info)} ${each.samples} ${hex(each.frame)}`
      : `${each.discarded} ${each.reason}`,
  )
}

/** Bytes as text, for sets and comparisons. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** All `parts` in one. */
export function join(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  )
}

/** A file that a muxer made. */
export interface MadeFile {
  /** As it is when closed. */
  readonly bytes: Uint8Array
  /** As it is before `end`. */
  readonly growing: Uint8Array
  /** Length of what `begin` gave. */
  readonly headerBytes: number
  readonly counts: MuxerCounts
}

/** How to split. */
export interface SplitOptions {
  /** Frames at which a new file begins, ascending. */
  readonly cuts: readonly number[]
  readonly join?: SplitJoin
  readonly context?: Partial<MuxerContext>
}

/** The recorder in small: the frames of one logical stream in consecutive files. */
export function splitInto(format: Format, bytes: Uint8Array, options: SplitOptions): MadeFile[] {
  const spans: FrameSpan[] = []
  const framer = format.createFramer({ onSpan: (span) => spans.push(span), onDiscard: () => {} })
  // in chunks, so that muxers meet spans of many frames as well as of one
  for (let at = 0; at < bytes.length; at += 3000) framer.push(bytes.subarray(at, at + 3000))
  framer.flush()
  const frames = spans.reduce((sum, span) => sum + span.frames, 0)
  const edges = [0, ...options.cuts, frames]
  return edges.slice(1).map((to, index) => makeFile(format, spans, edges[index], to, options))
}

function makeFile(
  format: Format,
  spans: readonly FrameSpan[],
  from: number,
  to: number,
  options: SplitOptions,
): MadeFile {
  const own = between(spans, from, to)
  const muxer = format.createMuxer(own[0].header, {
    join: options.join ?? 'exact',
    history: lastSeconds(between(spans, 0, from), format.historySeconds),
    startedAt: Date.UTC(2026, 10, 22, 16, 0, 0, 250),
    utcOffsetMinutes: 60,
    source: 'studio',
    serial: 1,
    opusPrerollMs: 400,
    ...options.context,
  })
  const begin = muxer.begin()
  const growing = Buffer.concat([begin, ...own.map((span) => muxer.write(span))])
  const { tail, patches } = muxer.end()
  const bytes = Buffer.concat([growing, tail])
  for (const patch of patches) bytes.set(patch.bytes, patch.offsetBytes)
  return { bytes, growing, headerBytes: begin.length, counts: muxer.counts }
}

/** The frames `from` to `to` of all spans. */
function between(spans: readonly FrameSpan[], from: number, to: number): FrameSpan[] {
  let before = 0
  return spans.flatMap((span) => {
    const first = Math.max(0, from - before)
    const end = Math.min(span.frames, to - before)
    before += span.frames
    return end > first ? [span.slice(first, end)] : []
  })
}

/** No more spans than make up `seconds`. */
function lastSeconds(spans: readonly FrameSpan[], seconds: number): FrameSpan[] {
  let length = 0
  let first = spans.length
  while (first > 0 && length < seconds) length += spans[--first].durationSeconds
  return spans.slice(first)
}

/** The bytes at which frames begin: offsets of `frames` that stand back to back, and their end. */
export function offsetsOf(frames: readonly Uint8Array[]): number[] {
  const offsets = [0]
  for (const frame of frames) offsets.push(offsets[offsets.length - 1] + frame.length)
  return offsets
}

/** Numbers that are the same in every run, as integers below `limit`. */
export function randomIntegers(seed: number): (limit: number) => number {
  const next = random(seed)
  return (limit) => Math.floor(next() * limit)
}
