import { concatBytes } from '../bytes/concat.js'
import { buildChunk, CHUNK_HEADER_BYTES } from '../formats/wav/riff.js'
import { uint32 } from '../formats/wav/sizes.js'

const WAVE = Uint8Array.of(0x57, 0x41, 0x56, 0x45)

/** A WAV file of far less than 4 GiB without tags. @param fmt - its `fmt ` chunk, header included */
export function smallWav(fmt: Uint8Array, samples: readonly Uint8Array[]): Uint8Array {
  const dataBytes = samples.reduce((sum, part) => sum + part.length, 0)
  const padding = new Uint8Array(dataBytes % 2)
  const riff = buildChunk('RIFF', WAVE)
  const data = buildChunk('data', new Uint8Array(0))
  data.set(uint32(dataBytes), 4)
  const file = concatBytes([riff, fmt, data, ...samples, padding])
  file.set(uint32(file.length - CHUNK_HEADER_BYTES), 4)
  return file
}
