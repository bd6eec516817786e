import type { FileDecoder } from '../../decoders/decoder.js'
import { decodeBetween } from '../../editing/decode/decode-between.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import { IsrError } from '../../errors.js'
import { WavHeader } from '../../formats/wav/header.js'
import { measureByProgram } from './measure-by-program.js'
import { audibleEnd, expectedSeconds, takeTurns, type MeasureOptions } from './measure-options.js'
import { measurePcm } from './measure-pcm.js'
import { Measurement, type Measured } from './measurement.js'

/**
 * Measures a whole file in one pass, whatever it holds: PCM and FLAC in our own code, the rest by a program where there is one, else by
 * decoders inside of this process. Never more than a piece of it is in memory.
 *
 * @throws {@link IsrError} `ISR_SPAN_EMPTY` when no audio is in it, `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED`, `ISR_STOPPED`
 * @throws {@link StorageError} when it cannot be read
 */
export async function measureFile(file: RecordedFile, options: MeasureOptions): Promise<Measured> {
  const { header } = file.layout
  const { fileDecoder } = options
  if (header instanceof WavHeader) return measured(options, (to) => measurePcm(file, header, to, options))
  const inProcess = () => measured(options, (to) => measureDecoded(file, to, options))
  if (header.info.codec === 'aac') {
    if (!fileDecoder) throw aacNeedsFfmpeg()
    return byProgram(file, fileDecoder, options)
  }
  // FLAC is quicker in our own code
  if (!fileDecoder || header.info.codec === 'flac') return inProcess()
  try {
    return await byProgram(file, fileDecoder, options)
  } catch (error) {
    // what one decoder cannot take another may
    if (error instanceof IsrError && error.code === 'ISR_DECODE_FAILED') return inProcess()
    throw error
  }
}

/** There is no decoder of AAC inside of this process. */
function aacNeedsFfmpeg(): IsrError {
  return new IsrError(
    'ISR_DECODER_MISSING',
    'decoding AAC needs ffmpeg, which is not on PATH; install it, for example with: apt-get install ffmpeg',
  )
}

function byProgram(file: RecordedFile, decoder: FileDecoder, options: MeasureOptions): Promise<Measured> {
  return measured(options, (to) => measureByProgram(file, decoder, to, options))
}

async function measureDecoded(file: RecordedFile, measurement: Measurement, options: MeasureOptions): Promise<void> {
  const { openDecoder, signal, onProgress } = options
  const totalSeconds = expectedSeconds(file)
  const whole = { startSeconds: 0, endSeconds: audibleEnd(file) }
  for await (const { planes, header } of decodeBetween(file, whole, { openDecoder, acrossStreams: true, signal })) {
    const { codec } = header.info
    measurement.begin(header.info, undefined, codec === 'vorbis' || codec === 'opus' ? 'vorbis' : 'wave')
    measurement.pushPlanes(planes)
    onProgress?.({ doneSeconds: measurement.seconds, totalSeconds })
    await takeTurns(signal)
  }
}

async function measured(options: MeasureOptions, work: (measurement: Measurement) => Promise<void>): Promise<Measured> {
  const measurement = new Measurement(options)
  await takeTurns(options.signal)
  await work(measurement)
  const result = measurement.finish()
  if (!result) throw new IsrError('ISR_SPAN_EMPTY', 'the file holds no audible audio')
  return result
}
