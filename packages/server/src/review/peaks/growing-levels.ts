import { LevelMeter, MemoryAccess, PyramidReader, PyramidWriter, type Clip, type LibraryEntry } from '@isr/core'
import { Recent } from '../recent.js'

/** Decodes a stretch of a recording. */
export type DecodeSpan = (
  entry: LibraryEntry,
  startSeconds: number,
  endSeconds: number,
  signal: AbortSignal,
) => Promise<Clip | undefined>

interface Measuring {
  readonly parts: Uint8Array[]
  readonly meter: LevelMeter
  readonly writer: PyramidWriter
  readonly sampleRateHz: number
  readonly channels: number
  samples: number
}

/** One request measures no more than this. */
const STEP_SECONDS = 600
const MAX_KEPT = 64

/**
 * Levels of files that grow and that nobody measures while they are recorded: what is new is decoded when somebody asks, ten minutes at
 * a time, and kept in memory: a third of a megabyte an hour.
 */
export class GrowingLevels {
  readonly #decode: DecodeSpan
  readonly #measured = new Recent<Measuring>(MAX_KEPT)

  constructor(decode: DecodeSpan) {
    this.#decode = decode
  }

  /**
   * Measures what is new. One at a time for each file.
   * @throws {@link IsrError} as decoding does
   */
  async read(entry: LibraryEntry, signal: AbortSignal): Promise<PyramidReader | undefined> {
    const known = this.#measured.get(entry.name)
    const start = known ? known.samples / known.sampleRateHz : 0
    // what the library knows of its length may be old
    const clip = await this.#decode(entry, start, start + STEP_SECONDS, signal)
    const measuring = clip ? take(known ?? begin(clip, entry.startedAt), clip) : known
    if (!measuring) return undefined
    this.#measured.set(entry.name, measuring)
    return PyramidReader.open(new MemoryAccess(Buffer.concat(measuring.parts)))
  }

  /** It grows no more. */
  forget(name: string): void {
    this.#measured.delete(name)
  }
}

function begin({ sampleRateHz, channels }: Clip, startedAt: number): Measuring {
  const parts: Uint8Array[] = []
  const writer = new PyramidWriter({ sampleRateHz, channels, startedAt }, (bytes) => void parts.push(bytes))
  return { parts, writer, meter: new LevelMeter({ sampleRateHz, channels }), sampleRateHz, channels, samples: 0 }
}

function take(measuring: Measuring, clip: Clip): Measuring {
  // another stream begins in the file: its levels are of another layout
  if (clip.sampleRateHz !== measuring.sampleRateHz || clip.channels !== measuring.channels) return measuring
  measuring.writer.push(measuring.meter.push(clip.wav.subarray(clip.wav.length - clip.samples * clip.channels * 2)))
  measuring.samples += clip.samples
  return measuring
}
