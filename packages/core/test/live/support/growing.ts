import type { ByteQuest } from '../../../src/formats/file-layout.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import type { SplitJoin } from '../../../src/formats/format.js'
import type { LivePatcher, LiveView } from '../../../src/live/live-patcher.js'
import type { AudioKind } from '../../support/audio-kinds.js'

/** A file while it grows: all that its muxer gave before the end. */
export interface GrowingFile {
  readonly bytes: Uint8Array
  /** The same, closed. */
  readonly finished: Uint8Array
  /** What the muxer gave to open it. */
  readonly headerBytes: number
}

/** The second half of a stream as a file of ours that is not closed; the first half is its history. */
export function growHalf({ format }: AudioKind, stream: Uint8Array, join: SplitJoin, fromPart = 0.5): GrowingFile {
  const spans: FrameSpan[] = []
  const framer = format.createFramer({ onSpan: (span) => spans.push(span), onDiscard: () => {} })
  for (let at = 0; at < stream.length; at += 3000) framer.push(stream.subarray(at, at + 3000))
  framer.flush()
  const half = Math.floor(spans.length * fromPart)
  const muxer = format.createMuxer(spans[half].header, {
    join,
    history: spans.slice(0, half),
    startedAt: Date.UTC(2026, 10, 22, 16),
    utcOffsetMinutes: 60,
    source: 'studio',
    title: 'Growing',
    serial: 7,
    opusPrerollMs: 400,
  })
  const head = muxer.begin()
  const parts = [head, ...spans.slice(half).map((span) => muxer.write(span))]
  const { tail, patches } = muxer.end()
  const finished = new Uint8Array(Buffer.concat([...parts, tail]))
  for (const patch of patches) finished.set(patch.bytes, patch.offsetBytes)
  return { bytes: new Uint8Array(Buffer.concat(parts)), finished, headerBytes: head.length }
}

/** What driving a patcher over a file gave, and what it read. */
export interface Driven {
  readonly view: LiveView
  readonly readBytes: number
}

/** Runs a patcher over a file of `sizeBytes`, as a server does. */
export function drive(patcher: LivePatcher, file: Uint8Array, sizeBytes: number): Driven {
  return driveQuest(patcher.view(sizeBytes), file.subarray(0, sizeBytes))
}

function driveQuest(quest: ByteQuest<LiveView>, file: Uint8Array): Driven {
  let readBytes = 0
  let step = quest.next()
  while (!step.done) {
    const { startByte, endByte } = step.value
    if (startByte < 0 || endByte < startByte) throw new RangeError(`asked for ${startByte} to ${endByte}`)
    const bytes = file.subarray(startByte, endByte)
    readBytes += bytes.length
    step = quest.next(bytes)
  }
  return { view: step.value, readBytes }
}

/** The bytes that a server would send. */
export function servedBytes(file: Uint8Array, { head, endByte }: LiveView): Uint8Array {
  const bytes = file.slice(0, endByte)
  bytes.set(head.subarray(0, endByte))
  return bytes
}
