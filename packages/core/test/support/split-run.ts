import { IndexedSpan, type FrameSpan } from '../../src/formats/frame-span.js'
import { HeaderCapture } from '../../src/formats/header-capture.js'
import type { StreamMetadata } from '../../src/model.js'
import type { Splitter } from '../../src/splitters/splitter.js'

/** A file that a splitter made. */
export interface SplitFile {
  readonly startedAt: number
  /** Index of its first frame in the run. */
  readonly firstFrame: number
  frames: number
  samples: number
  bytes: number
}

/** Frames that a splitter is asked about. */
export interface SplitInput {
  readonly span: FrameSpan
  readonly metadata?: StreamMetadata
}

/** Frames all alike, `samplesPerFrame` long, of `bytesPerFrame` zeros: 1152 samples at 44100 Hz are MP3. */
export function frameMaker(sampleRateHz: number, samplesPerFrame: number, bytesPerFrame = 1) {
  const info = { codec: 'mp3', sampleRateHz, channels: 2, bitrateBps: 0 } as const
  const header = new HeaderCapture({ format: 'mp3', extension: 'mp3', info })
  const zeros = new Map<number, FrameSpan>()
  const offsets = (count: number, step: number) => Array.from({ length: count + 1 }, (_, index) => index * step)
  return (frames: number): FrameSpan => {
    const known = zeros.get(frames)
    if (known) return known
    const bytes = new Uint8Array(frames * bytesPerFrame)
    const span = new IndexedSpan(header, bytes, offsets(frames, bytesPerFrame), offsets(frames, samplesPerFrame))
    zeros.set(frames, span)
    return span
  }
}

/**
 * Writes spans into files as a recorder does: asks about the rest after each cut, never makes an empty file.
 * @param timeAt - wall clock of a sample of the run
 */
export function split(
  splitter: Splitter,
  inputs: Iterable<SplitInput>,
  timeAt: (sample: number) => number,
): SplitFile[] {
  const files: SplitFile[] = []
  let samples = 0
  let frames = 0
  let file: SplitFile | undefined
  for (const { span, metadata } of inputs) {
    let rest = span
    let news = metadata
    for (;;) {
      const fresh = file === undefined
      if (!file)
        files.push((file = { startedAt: timeAt(samples), firstFrame: frames, frames: 0, samples: 0, bytes: 0 }))
      const cut = splitter.cut(rest, {
        at: timeAt(samples),
        ...(news && { metadata: news }),
        recording: {
          startedAt: file.startedAt,
          durationSeconds: file.samples / span.header.info.sampleRateHz,
          sizeBytes: file.bytes,
        },
      })
      if (cut < -1 || cut >= rest.frames || !Number.isInteger(cut)) throw new Error(`cut at ${cut} of ${rest.frames}`)
      if (cut !== 0) news = undefined
      const refused = fresh && cut === 0
      const end = cut < 0 ? rest.frames : refused ? 1 : cut
      const written = rest.slice(0, end)
      file.frames += end
      file.samples += end > 0 ? written.samples : 0
      file.bytes += end > 0 ? written.bytes.length : 0
      samples += end > 0 ? written.samples : 0
      frames += end
      if (cut >= 0 && !refused) file = undefined
      if (end >= rest.frames) break
      rest = rest.slice(end, rest.frames)
    }
  }
  return files
}
