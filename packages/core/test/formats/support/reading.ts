import { expect } from 'vitest'
import type { ByteQuest, FileLayout, SeekPoint } from '../../../src/formats/file-layout.js'
import type { Format } from '../../../src/formats/format.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import { randomIntegers } from './framing.js'

/** A file for tests: bytes in memory, or made where they are looked at. */
export interface TestFile {
  readonly sizeBytes: number
  read(startByte: number, endByte: number): Uint8Array
}

/** A file of bytes. */
export function fileOf(bytes: Uint8Array): TestFile {
  return { sizeBytes: bytes.length, read: (startByte, endByte) => bytes.subarray(startByte, endByte) }
}

/** A file of parts whose lengths are known and whose bytes are made when they are read. */
export function virtualFile(lengths: readonly number[], part: (index: number) => Uint8Array): TestFile {
  const offsets = [0]
  for (const length of lengths) offsets.push(offsets[offsets.length - 1] + length)
  const sizeBytes = offsets[offsets.length - 1]
  return {
    sizeBytes,
    read(startByte, endByte) {
      const end = Math.min(endByte, sizeBytes)
      const bytes = new Uint8Array(Math.max(0, end - startByte))
      let low = 0
      for (let high = lengths.length - 1; low < high;) {
        const middle = (low + high + 1) >>> 1
        if (offsets[middle] <= startByte) low = middle
        else high = middle - 1
      }
      for (let index = low; index < lengths.length && offsets[index] < end; index++) {
        const bytesOfPart = part(index)
        if (bytesOfPart.length !== lengths[index]) throw new Error(`part ${index} has another length`)
        const from = Math.max(0, startByte - offsets[index])
        bytes.set(bytesOfPart.subarray(from, end - offsets[index]), Math.max(0, offsets[index] - startByte))
      }
      return bytes
    },
  }
}

/** What a quest cost. */
export interface Cost {
  readonly bytes: number
  readonly reads: number
}

/** Answers a quest; what it asks for must be a range of the file. */
export function answer<Result>(quest: ByteQuest<Result>, file: TestFile): { readonly result: Result } & Cost {
  let bytes = 0
  let reads = 0
  let step = quest.next()
  while (!step.done) {
    const { startByte, endByte } = step.value
    expect(Number.isInteger(startByte) && Number.isInteger(endByte)).toBe(true)
    expect(startByte).toBeGreaterThanOrEqual(0)
    expect(endByte).toBeGreaterThanOrEqual(startByte)
    const part = file.read(startByte, endByte)
    bytes += part.length
    if (++reads > 20_000) throw new Error('the quest does not end')
    step = quest.next(part)
  }
  return { result: step.value, bytes, reads }
}

/** The layout of a file that has one. */
export function layoutOf(format: Format, file: TestFile): FileLayout {
  const { result } = answer(format.file.inspect(file.sizeBytes), file)
  if (!result) throw new Error(`no ${format.name} file`)
  return result
}

/** The place for a sample. */
export function seekIn(format: Format, layout: FileLayout, file: TestFile, sample: number) {
  const { result: point, ...cost } = answer(format.file.seek(layout, file.sizeBytes, sample), file)
  return { point, cost }
}

/** One frame and where it starts. */
export interface PlacedFrame {
  readonly sample: number
  readonly end: number
  readonly bytes: string
  /** Whether it is in the first logical stream. */
  readonly own: boolean
}

/** Numbers below `below`, the same in every run. */
export function someSamples(count: number, below: number): number[] {
  const random = randomIntegers(1)
  return Array.from({ length: count }, () => random(below))
}

/** Damages as files meet them, the same in every run: a changed byte, a zeroed stretch, a lost one, a foreign one, a torn end. */
export function* damaged(bytes: Uint8Array, count: number): Generator<Uint8Array> {
  const random = randomIntegers(7)
  for (let turn = 0; turn < count; turn++) {
    const at = random(bytes.length)
    const length = 1 + random(Math.min(20_000, bytes.length - at))
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at + length)]
    const noise = Uint8Array.from({ length }, () => random(256))
    const parts = [
      [head, Uint8Array.of(bytes[at] ^ (1 + random(255))), bytes.subarray(at + 1)],
      [head, new Uint8Array(length), tail],
      [head, tail],
      [head, noise, bytes.subarray(at)],
      [head],
    ][turn % 5]
    yield new Uint8Array(Buffer.concat(parts))
  }
}

/** What frames from a place on; at most about `limit` of them. */
export function framesFrom(
  format: Format,
  layout: FileLayout,
  point: SeekPoint,
  file: TestFile,
  limit = Infinity,
  chunkBytes = 50_000,
): PlacedFrame[] {
  const frames: PlacedFrame[] = []
  let sample = point.sample
  const add = (span: FrameSpan) => {
    const own = span.header === layout.header
    for (let index = 0; index < span.frames && frames.length < limit; index++) {
      const bytes = Buffer.from(span.frame(index)).toString('latin1')
      frames.push({ sample: sample + span.sampleOffset(index), end: sample + span.sampleOffset(index + 1), bytes, own })
    }
    sample += span.samples
  }
  const framer = format.file.resume(layout, point, { onSpan: add, onDiscard: () => {} })
  let at = point.byte
  for (; at < file.sizeBytes && frames.length < limit; at += chunkBytes) {
    framer.push(file.read(at, Math.min(file.sizeBytes, at + chunkBytes)))
  }
  if (at >= file.sizeBytes) framer.flush()
  return frames
}

/** Every frame of a file, by its format's framer alone: what reading from any place has to agree with. */
function framesOfAll(format: Format, file: TestFile): string[] {
  const frames: string[] = []
  const framer = format.createFramer({
    onSpan(span) {
      for (let index = 0; index < span.frames; index++) frames.push(Buffer.from(span.frame(index)).toString('latin1'))
    },
    onDiscard: () => {},
  })
  framer.push(file.read(0, file.sizeBytes))
  framer.flush()
  return frames
}

/** Options of {@link expectSeekable}. */
export interface SeekableOptions {
  /** Samples to look for, beside the edges. */
  readonly samples: readonly number[]
  /** How many frames at most lie between the place found and the one wanted: a page of Ogg. Default 0. */
  readonly slackFrames?: number
}

/**
 * Reading from any place gives the frames of reading all, at the same positions, up to the end.
 * @returns the layout and all frames
 */
export function expectSeekable(format: Format, file: TestFile, options: SeekableOptions) {
  const layout = layoutOf(format, file)
  const start = seekIn(format, layout, file, -Infinity).point
  expect(start.frame).toBe(0)
  const all = framesFrom(format, layout, start, file)
  expect(all.map(({ bytes }) => bytes)).toEqual(framesOfAll(format, file))
  const own = all.filter((frame) => frame.own)
  for (const sample of [0, ...options.samples, own.at(-1)!.end, Infinity]) {
    const { point } = seekIn(format, layout, file, sample)
    const found = framesFrom(format, layout, point, file)
    expect(found.length).toBeGreaterThan(0)
    const from = all.length - found.length
    if (point.frame !== undefined) expect({ sample, frame: point.frame }).toEqual({ sample, frame: from })
    // frames may have no audible sample, so that several begin at one
    expect({ sample, place: point.sample }).toEqual({ sample, place: all[from].sample })
    expect(all.slice(from)).toEqual(found)
    if (from > 0) expect(point.sample).toBeLessThanOrEqual(sample)
    const last = own.findLastIndex((frame) => frame.sample <= sample)
    expect(last - from).toBeLessThanOrEqual(options.slackFrames ?? 0)
  }
  return { layout, all }
}

/**
 * Whatever a file holds, reading it neither throws nor goes on without end, and what is found from any place on is what a full
 * read finds at its end.
 * @returns whether there is audio in it
 */
export function expectSane(format: Format, bytes: Uint8Array, samples: readonly number[]): boolean {
  const file = fileOf(bytes)
  const { result: layout } = answer(format.file.inspect(file.sizeBytes), file)
  const full = framesOfAll(format, file)
  expect(layout === undefined).toBe(full.length === 0)
  if (!layout) return false
  expect(layout.framesStartByte).toBeGreaterThanOrEqual(0)
  expect(layout.framesEndByte).toBeGreaterThanOrEqual(layout.framesStartByte)
  expect(layout.framesEndByte).toBeLessThanOrEqual(bytes.length)
  expect(layout.samples ?? 0).toBeGreaterThanOrEqual(0)
  for (const sample of [-Infinity, ...samples, Infinity]) {
    const { point } = seekIn(format, layout, file, sample)
    expect(Number.isInteger(point.sample)).toBe(true)
    if (point.frame !== 0) expect(point.sample).toBeLessThanOrEqual(sample)
    const found = framesFrom(format, layout, point, file).map((frame) => frame.bytes)
    expect(found).toEqual(full.slice(full.length - found.length))
  }
  return true
}
