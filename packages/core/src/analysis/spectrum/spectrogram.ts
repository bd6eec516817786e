import { setImmediate } from 'node:timers/promises'
import type { OpenDecoder, Planes } from '../../decoders/decoder.js'
import { checkRange, type EditOptions } from '../../editing/cut.js'
import { decodeBetween } from '../../editing/decode/decode-between.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import type { TimeRange } from '../../editing/frames-between.js'
import { IsrError } from '../../errors.js'
import { planStretches, type Stretch } from './plan.js'
import { ReusedDecoders } from './reused-decoders.js'
import { SpectrumMeter, type SpectrumMeterOptions } from './spectrum-meter.js'

/** What a {@link Spectrogram} is to be. */
export interface SpectrogramShape extends TimeRange, Omit<SpectrumMeterOptions, 'sampleRateHz'> {
  /** How many columns, of equal length. */
  readonly columns: number
}

/** How loud each frequency is over time. */
export interface Spectrogram {
  /** Number of columns. */
  readonly columns: number
  /** Number of bands. */
  readonly bands: number
  /** Where the lowest band begins, in Hz. */
  readonly lowestHz: number
  /** Where the highest band ends, in Hz. */
  readonly highestHz: number
  /** Whether columns were so long that samples were taken of them. */
  readonly isSampled: boolean
  /** Row by row, the highest band first; 0 is no audio, else half decibels: 255 is 0 dBFS, 1 is -127 dBFS and less. */
  readonly levels: Uint8Array
}

/** What {@link fileSpectrogram} is told. */
export interface FileSpectrogramOptions extends SpectrogramShape, EditOptions {
  /** Opens decoders. */
  readonly openDecoder: OpenDecoder
}

const HIGHEST_CODE = 255
/** Where another stream begins in the file, and where a damaged stretch is, the picture has a hole. */
const HOLES = new Set<string>(['ISR_SPAN_EMPTY', 'ISR_FORMATS_DIFFER'])

/**
 * The spectrogram of a file. Short ranges are read whole, so that a column is as loud as the loudest window in it; of long ones, each
 * column is made of a few short stretches.
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED`, `ISR_STOPPED`; {@link StorageError}
 */
export async function fileSpectrogram(file: RecordedFile, options: FileSpectrogramOptions): Promise<Spectrogram> {
  checkRange(options)
  const { columns, startSeconds, endSeconds, signal, onProgress } = options
  if (!(Number.isInteger(columns) && columns > 0 && Number.isFinite(endSeconds)))
    throw new IsrError('ISR_ARGUMENT_INVALID', `columns: a whole number of them up to an end, not ${columns}`)
  const meter = new SpectrumMeter({ ...options, sampleRateHz: file.layout.header.info.sampleRateHz })
  const { bands, lowestHz, highestHz, windowSamples } = meter
  const meters = new Map([[file.layout.header.info.sampleRateHz, meter]])
  const levels = new Uint8Array(columns * bands)
  const windowSeconds = windowSamples / file.layout.header.info.sampleRateHz
  const { stretches, isSampled } = planStretches({ startSeconds, endSeconds, columns, windowSeconds })
  const decoders = new ReusedDecoders(options.openDecoder)
  const decoding = isSampled ? { ...options, openDecoder: decoders.open } : options
  try {
    for (const stretch of stretches) {
      if (signal?.aborted) throw new IsrError('ISR_STOPPED', 'stopped before the end')
      const audio = await decode(file, stretch, decoding)
      // a file that grows may end here, as may one whose length was guessed
      if (audio) draw(audio, stretch)
      onProgress?.({ doneSeconds: stretch.toSeconds - startSeconds, totalSeconds: endSeconds - startSeconds })
      await setImmediate()
    }
  } finally {
    decoders.close()
  }
  return { columns, bands, lowestHz, highestHz, isSampled, levels }

  function draw({ planes, startSeconds: at, sampleRateHz }: Audio, { windows }: Stretch): void {
    const own = meters.get(sampleRateHz) ?? new SpectrumMeter({ bands, lowestHz, highestHz, sampleRateHz })
    meters.set(sampleRateHz, own)
    for (const { middleSeconds, column } of windows) {
      const middle = Math.round((middleSeconds - at) * sampleRateHz)
      if (middle < 0 || middle >= planes[0].length) continue
      const found = own.measure(planes, middle - own.windowSamples / 2)
      for (let band = 0; band < bands; band++) {
        const cell = (bands - 1 - band) * columns + column
        const code = Math.min(HIGHEST_CODE, Math.max(1, Math.round(HIGHEST_CODE + 2 * found[band])))
        if (code > levels[cell]) levels[cell] = code
      }
    }
  }
}

interface Audio {
  readonly planes: Planes
  readonly startSeconds: number
  readonly sampleRateHz: number
}

async function decode(
  file: RecordedFile,
  { fromSeconds, toSeconds }: Stretch,
  { openDecoder, signal }: FileSpectrogramOptions,
): Promise<Audio | undefined> {
  const range = { startSeconds: fromSeconds, endSeconds: toSeconds }
  const parts: Planes[] = []
  let first: Omit<Audio, 'planes'> | undefined
  try {
    for await (const part of decodeBetween(file, range, {
      openDecoder,
      acrossStreams: true,
      ...(signal && { signal }),
    })) {
      const { sampleRateHz } = part.header.info
      first ??= { startSeconds: part.startSeconds, sampleRateHz }
      // another stream in the file, of another layout
      if (sampleRateHz !== first.sampleRateHz || part.planes.length !== (parts[0] ?? part.planes).length) break
      parts.push(part.planes.map((plane) => plane.slice()))
    }
  } catch (error) {
    if (!(error instanceof IsrError) || !HOLES.has(error.code)) throw error
  }
  if (!first || parts.length === 0) return undefined
  return { ...first, planes: joined(parts) }
}

function joined(parts: readonly Planes[]): Planes {
  if (parts.length === 1) return parts[0]
  const samples = parts.reduce((sum, [plane]) => sum + plane.length, 0)
  return parts[0].map((_, channel) => {
    const whole = new Float32Array(samples)
    let at = 0
    for (const part of parts) {
      whole.set(part[channel], at)
      at += part[channel].length
    }
    return whole
  })
}
