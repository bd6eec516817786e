import { concatBytes } from '../../bytes/concat.js'
import type { Chapter } from '../tags/chapter.js'
import { buildChunk } from './riff.js'

const POINT_BYTES = 24
/** A place has 32 bits; what lies behind that, after a day at 48 kHz, is left to the ledger. */
const LAST_SAMPLE = 2 ** 32 - 1
const encoder = new TextEncoder()

/**
 * Where titles begin, as chunks to stand behind the audio: `cue ` has the places, `LIST adtl` a label for each. Empty when there
 * are none.
 * @source Multimedia Programming Interface and Data Specifications 1.0, "Cue-Points Chunk", "Associated Data Chunk"
 */
export function buildCuePoints(chapters: readonly Chapter[]): Uint8Array {
  const points = chapters.filter(({ startSample }) => startSample <= LAST_SAMPLE)
  if (points.length === 0) return new Uint8Array(0)
  const cue = new Uint8Array(4 + POINT_BYTES * points.length)
  const view = new DataView(cue.buffer)
  view.setUint32(0, points.length, true)
  const labels: Uint8Array[] = [encoder.encode('adtl')]
  for (const [index, { startSample, name }] of points.entries()) {
    const at = 4 + POINT_BYTES * index
    const id = index + 1
    view.setUint32(at, id, true)
    view.setUint32(at + 4, startSample, true)
    cue.set(encoder.encode('data'), at + 8)
    view.setUint32(at + 20, startSample, true)
    const label = concatBytes([new Uint8Array(4), encoder.encode(`${name}\0`)])
    new DataView(label.buffer, label.byteOffset).setUint32(0, id, true)
    labels.push(buildChunk('labl', label))
  }
  return concatBytes([buildChunk('cue ', cue), buildChunk('LIST', concatBytes(labels))])
}
