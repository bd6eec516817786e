import type { ByteQuest } from '../../formats/file-layout.js'
import { parseFmt } from '../../formats/wav/fmt-chunk.js'
import { blockAlignBytes } from '../../formats/wav/layout.js'
import { CHUNK_HEADER_BYTES, chunkBytes, fourCc, isWaveHeader, RIFF_HEADER_BYTES } from '../../formats/wav/riff.js'
import { wavSizePatches } from '../../formats/wav/sizes.js'
import { LivePatcher, NOTHING_YET, type LiveView } from '../live-patcher.js'
import { readHead } from '../live-quests.js'

const USUAL_HEAD_BYTES = 4096
/** Tags may be long; more than this is no header of ours. */
const MOST_HEAD_BYTES = 1 << 20

/** What the chunks before the samples say. */
interface WavStart {
  readonly headerBytes: number
  readonly factOffset: number
  readonly blockAlign: number
}

/** A growing WAV file: its sizes are those of the whole samples so far; past 4 GiB it is RF64. */
export class LiveWavPatcher extends LivePatcher {
  *view(sizeBytes: number): ByteQuest<LiveView> {
    let head = yield* readHead(sizeBytes, USUAL_HEAD_BYTES)
    let start = readStart(head)
    if (!start && head.length >= USUAL_HEAD_BYTES) {
      head = yield* readHead(sizeBytes, MOST_HEAD_BYTES)
      start = readStart(head)
    }
    if (!start) return NOTHING_YET
    const { headerBytes, factOffset, blockAlign } = start
    // an even size needs no padding, which the file does not have
    const unit = blockAlign % 2 === 0 ? blockAlign : 2 * blockAlign
    const dataBytes = Math.floor((sizeBytes - headerBytes) / unit) * unit
    const samples = dataBytes / blockAlign
    const patched = head.slice(0, headerBytes)
    for (const patch of wavSizePatches({ headerBytes, factOffset, dataBytes, tailBytes: 0, samples })) {
      patched.set(patch.bytes, patch.offsetBytes)
    }
    return { head: patched, endByte: headerBytes + dataBytes, samples }
  }
}

/** Undefined when the samples do not begin within `head`. */
function readStart(head: Uint8Array): WavStart | undefined {
  if (!isWaveHeader(head, 0)) return undefined
  let blockAlign = 0
  let factOffset = 0
  let at = RIFF_HEADER_BYTES
  while (at + CHUNK_HEADER_BYTES <= head.length) {
    const name = fourCc(head, at)
    const body = at + CHUNK_HEADER_BYTES
    if (name === 'data') return blockAlign > 0 ? { headerBytes: body, factOffset, blockAlign } : undefined
    const end = body + chunkBytes(head, at)
    if (end > head.length) return undefined
    if (name === 'fact') factOffset = body
    if (name === 'fmt ') {
      const header = parseFmt(head.slice(at, end))
      if (typeof header === 'string') return undefined
      blockAlign = blockAlignBytes(header.layout)
    }
    at = end + (end % 2)
  }
  return undefined
}
