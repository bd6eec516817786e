import { concatBytes } from '../../../bytes/concat.js'
import { fitChapters, type Chapter } from '../../tags/chapter.js'
import { buildChunk, CHUNK_HEADER_BYTES } from '../riff.js'

const POINT_BYTES = 24
/** A place has 32 bits; what lies behind that, after a day at 48 kHz, is left to the ledger. */
const LAST_SAMPLE = 2 ** 32 - 1
const encoder = new TextEncoder()

/**
 * Where titles begin, as chunks of `sizeBytes` together: `cue ` has the places, `LIST adtl` a label for each, and JUNK the room
 * that is left. As many as fit. They stand before the audio: behind it, what a crash leaves of them would be taken for audio.
 * @param sizeBytes - even
 * @source Multimedia Programming Interface and Data Specifications 1.0, "Cue-Points Chunk", "Associated Data Chunk"
 */
export function buildCuePoints(chapters: readonly Chapter[], sizeBytes: number): Uint8Array {
  if (sizeBytes < CHUNK_HEADER_BYTES) return new Uint8Array(0)
  const points = fitChapters(
    chapters.filter(({ startSample }) => startSample <= LAST_SAMPLE),
    {
      roomBytes: sizeBytes - CHUNK_HEADER_BYTES - cueChunks([]).length,
      bytesOf: (chapter, number) => POINT_BYTES + label(chapter, number).length,
      most: Infinity,
    },
  )
  const chunks = points.length > 0 ? cueChunks(points) : new Uint8Array(0)
  return concatBytes([chunks, buildChunk('JUNK', new Uint8Array(sizeBytes - chunks.length - CHUNK_HEADER_BYTES))])
}

function cueChunks(points: readonly Chapter[]): Uint8Array {
  const cue = new Uint8Array(4 + POINT_BYTES * points.length)
  const view = new DataView(cue.buffer)
  view.setUint32(0, points.length, true)
  for (const [index, { startSample }] of points.entries()) {
    const at = 4 + POINT_BYTES * index
    view.setUint32(at, index + 1, true)
    view.setUint32(at + 4, startSample, true)
    cue.set(encoder.encode('data'), at + 8)
    view.setUint32(at + 20, startSample, true)
  }
  const labels = points.map((chapter, index) => label(chapter, index + 1))
  return concatBytes([buildChunk('cue ', cue), buildChunk('LIST', concatBytes([encoder.encode('adtl'), ...labels]))])
}

function label({ name }: Chapter, number: number): Uint8Array {
  const body = concatBytes([new Uint8Array(4), encoder.encode(`${name}\0`)])
  new DataView(body.buffer, body.byteOffset).setUint32(0, number, true)
  return buildChunk('labl', body)
}
