import type { EpochMs } from '../../model.js'
import { parseInstant } from '../../time/parse-instant.js'
import type { ByteQuest, FileLayout, FileReading } from '../file-layout.js'
import { findFirstFrames, known } from '../reading/quests.js'
import { WavFramer } from './framer.js'
import type { WavHeader } from './header.js'
import { blockAlignBytes } from './layout.js'
import { CHUNK_HEADER_BYTES, chunkBytes, findWaveHeader, fourCc, isBoundary, RIFF_HEADER_BYTES } from './riff.js'
import { UNKNOWN_SIZE } from './sizes.js'

/** Headers beyond this are not looked through for tags. */
const MAX_HEAD_BYTES = 1 << 20
/** What may stand behind the samples and proves their end: a pad byte and a RIFF header. */
const BEHIND_BYTES = 1 + RIFF_HEADER_BYTES

/** Where the samples of a WAV file are. */
interface WavLayout extends FileLayout {
  readonly header: WavHeader
  readonly samples: number
  /** Bytes of samples as the file declares them; Infinity when it does not, or lies. */
  readonly declaredBytes: number
}

/** WAV files: where a sample stands is arithmetic. Sizes are believed where they can be true. */
export const wavFile: FileReading = {
  *inspect(sizeBytes): ByteQuest<WavLayout | undefined> {
    const first = yield* findFirstFrames((sink) => new WavFramer(sink), sizeBytes)
    if (!first) return undefined
    const header = first.span.header as WavHeader
    const { startByte } = first
    const head = yield { startByte: Math.max(0, startByte - MAX_HEAD_BYTES), endByte: startByte }
    const { sizeByDs64, startedAt } = readChunks(head)
    const size = chunkBytes(head, head.length - CHUNK_HEADER_BYTES)
    const declaredBytes = yield* trueSize(startByte, size === UNKNOWN_SIZE ? sizeByDs64 : size, sizeBytes)
    const samples = Math.floor(Math.min(declaredBytes, sizeBytes - startByte) / blockAlignBytes(header.layout))
    return {
      header,
      framesStartByte: startByte,
      framesEndByte: startByte + samples * blockAlignBytes(header.layout),
      prerollFrames: 0,
      hiddenSamples: 0,
      samples,
      declaredBytes,
      ...(startedAt !== undefined && { startedAt }),
    }
  },

  seek(layout, _sizeBytes, sample) {
    const { header, framesStartByte, samples } = layout as WavLayout
    const frame = Math.max(0, Math.min(Math.floor(sample), samples - 1))
    return known({ byte: framesStartByte + frame * blockAlignBytes(header.layout), sample: frame, frame })
  },

  resume(layout, point, sink) {
    const { header, framesStartByte, declaredBytes } = layout as WavLayout
    const dataBytes = declaredBytes - (point.byte - framesStartByte)
    return new WavFramer(sink, { header, dataBytes, padded: declaredBytes % 2 === 1 })
  },
}

/** The declared size when the file goes beyond it and something proves it, or does not reach it; else Infinity: it was a lie. */
function* trueSize(startByte: number, size: number, fileBytes: number): ByteQuest<number> {
  const end = startByte + size
  if (size === 0) return Infinity
  if (end >= fileBytes || (size % 2 === 1 && end + 1 === fileBytes)) return size
  const behind = yield { startByte: end, endByte: Math.min(fileBytes, end + BEHIND_BYTES) }
  return isBoundary(behind, 0) || (size % 2 === 1 && isBoundary(behind, 1)) ? size : Infinity
}

/** What stands in the chunks of `head`, which ends where the samples begin. */
function readChunks(head: Uint8Array): { readonly sizeByDs64: number; readonly startedAt?: EpochMs } {
  let sizeByDs64 = 0
  let startedAt: EpochMs | undefined
  const waveAt = findWaveHeader(head, 0)
  const end = head.length - CHUNK_HEADER_BYTES
  for (let at = waveAt < 0 ? end : waveAt + RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= end;) {
    const size = chunkBytes(head, at)
    const body = head.subarray(at + CHUNK_HEADER_BYTES, Math.min(end, at + CHUNK_HEADER_BYTES + size))
    if (fourCc(head, at) === 'ds64' && body.length >= 16) {
      const view = new DataView(body.buffer, body.byteOffset)
      sizeByDs64 = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32
    } else if (fourCc(head, at) === 'LIST') startedAt ??= creationDate(body)
    at += CHUNK_HEADER_BYTES + size + (size % 2)
  }
  return { sizeByDs64, ...(startedAt !== undefined && { startedAt }) }
}

/** What `ICRD` says in the body of a LIST chunk, where it is a moment. */
function creationDate(list: Uint8Array): EpochMs | undefined {
  if (fourCc(list, 0) !== 'INFO') return undefined
  for (let at = 4; at + CHUNK_HEADER_BYTES <= list.length;) {
    const size = chunkBytes(list, at)
    const body = list.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + size)
    if (fourCc(list, at) === 'ICRD') return parseInstant(new TextDecoder().decode(body).replace(/\0.*$/s, ''))
    at += CHUNK_HEADER_BYTES + size + (size % 2)
  }
  return undefined
}
