import { MAX_FMT_BYTES, parseFmt } from './fmt-chunk.js'
import {
  CHUNK_HEADER_BYTES,
  chunkBytes,
  findWaveHeader,
  fourCc,
  isKnownChunk,
  isRiffName,
  isWaveHeader,
  RIFF_HEADER_BYTES,
} from './riff.js'

/** Confidence that `head` starts a WAVE stream whose samples are recorded. */
export function sniffWav(head: Uint8Array): number {
  if (isWaveHeader(head, 0)) return refusedWav(head) === undefined ? 1 : 0
  if (isRiffName(fourCc(head, 0)) && head.length < RIFF_HEADER_BYTES) return 0.5
  const at = findWaveHeader(head, 0)
  return at > 0 && isKnownChunk(head, at + RIFF_HEADER_BYTES) && refusedWav(head.subarray(at)) === undefined ? 0.6 : 0
}

/** What a WAVE stream holds that is not recorded, in a few words; undefined when nothing speaks against it yet. */
export function refusedWav(head: Uint8Array): string | undefined {
  let at = RIFF_HEADER_BYTES
  while (isWaveHeader(head, 0) && at + CHUNK_HEADER_BYTES <= head.length) {
    const size = chunkBytes(head, at)
    if (fourCc(head, at) === 'fmt ') {
      const end = at + CHUNK_HEADER_BYTES + size
      if (end > head.length || size > MAX_FMT_BYTES) return undefined
      const parsed = parseFmt(head.subarray(at, end))
      return typeof parsed === 'string' ? parsed : undefined
    }
    at += CHUNK_HEADER_BYTES + size + (size % 2)
  }
  return undefined
}
