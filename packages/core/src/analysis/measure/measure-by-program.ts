import type { EncodedContainer, FileDecoder } from '../../decoders/decoder.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import { IsrError } from '../../errors.js'
import type { UniformSpan } from '../../formats/frame-span.js'
import { wavFormat } from '../../formats/wav/index.js'
import { WavHeader } from '../../formats/wav/header.js'
import { blockAlignBytes } from '../../formats/wav/layout.js'
import type { RandomAccess } from '../../storages/access/random-access.js'
import { audibleEnd, expectedSeconds, takeTurns, type MeasureOptions } from './measure-options.js'
import type { Measurement } from './measurement.js'

/** Bytes handed to a program at a time. */
const CHUNK_BYTES = 1 << 18
/** Chunks of the program between two turns of others. */
const TURN_CHUNKS = 16
/** Formats that programs decode. */
const CONTAINERS: Readonly<Record<string, EncodedContainer>> = { mp3: 'mp3', aac: 'aac', ogg: 'ogg' }

/** The whole file is decoded by a program, and its answer, which is WAV, measured as it comes. */
export async function measureByProgram(
  file: RecordedFile,
  decoder: FileDecoder,
  measurement: Measurement,
  { access, path, signal, onProgress }: MeasureOptions,
): Promise<void> {
  const endSeconds = audibleEnd(file)
  const container = CONTAINERS[file.format.name]
  const totalSeconds = expectedSeconds(file)
  const framer = wavFormat.createFramer({
    onSpan(span) {
      const { header, bytes } = span as UniformSpan
      if (!(header instanceof WavHeader)) throw new IsrError('ISR_DECODE_FAILED', 'the decoder answered with no PCM')
      const { layout } = header
      // what it reads from a pipe ends with its padding
      const left = Math.round((endSeconds - measurement.seconds) * layout.sampleRateHz)
      if (left <= 0) return
      measurement.begin(layout, layout.sampleFormat)
      measurement.pushBytes(bytes.subarray(0, left * blockAlignBytes(layout)))
    },
    onDiscard: () => {},
  })
  let chunks = 0
  for await (const chunk of decoder.decode({ container, from: path ?? bytesOf(access) }, signal)) {
    framer.push(chunk)
    if (++chunks % TURN_CHUNKS > 0) continue
    onProgress?.({ doneSeconds: measurement.seconds, totalSeconds })
    await takeTurns(signal)
  }
  framer.flush()
}

async function* bytesOf(access: RandomAccess): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < access.sizeBytes; at += CHUNK_BYTES) yield access.read(at, at + CHUNK_BYTES)
}
