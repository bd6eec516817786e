import { concatBytes } from '../../bytes/concat.js'
import { FlacFramer } from '../../formats/flac/framer.js'
import { nextFlacNumber, parseFlacFrameHeader, type FlacFrameHeader } from '../../formats/flac/frame-header.js'
import {
  BLOCK_TYPE,
  buildMetadataBlock,
  FLAC_HEAD_BYTES,
  FLAC_MAGIC,
  parseFlacBlocks,
  parseFlacMagic,
  type FlacStreamHead,
} from '../../formats/flac/blocks/metadata-block.js'
import { buildFlacStreamInfo, type FlacStreamInfo } from '../../formats/flac/blocks/streaminfo.js'
import type { ByteQuest } from '../../formats/file-layout.js'
import { FrameRuns, type FoundFrame } from '../frame-runs.js'
import { LivePatcher, NOTHING_YET, type LiveView } from '../live-patcher.js'
import { readHead, readTail, type FilePart } from '../live-quests.js'

const USUAL_HEAD_BYTES = 16_384
/** Tags with a picture may be long. */
const MOST_HEAD_BYTES = 1 << 24
/** So many frames without compression fit into the tail, whatever their size: enough for the true ones to be the most. */
const TAIL_FRAMES = 6
const LEAST_TAIL_BYTES = 1 << 16

/**
 * A growing FLAC file: STREAMINFO has the samples up to the last whole frame, whose CRC-16 is right and whose number follows
 * on those before. The cost is the same at any length: head and tail alone are looked at.
 */
export class LiveFlacPatcher extends LivePatcher {
  *view(sizeBytes: number): ByteQuest<LiveView> {
    let bytes = yield* readHead(sizeBytes, USUAL_HEAD_BYTES)
    let head = readStart(bytes)
    if (head === 'more' && bytes.length >= USUAL_HEAD_BYTES) {
      bytes = yield* readHead(sizeBytes, MOST_HEAD_BYTES)
      head = readStart(bytes)
    }
    if (head === 'more' || head === undefined) return NOTHING_YET
    const { streamInfo, sizeBytes: framesStart } = head
    const tail = yield* readTail(framesStart, sizeBytes, tailBytes(streamInfo))
    const last = lastFrame(tail, framesStart, streamInfo)
    const samples = last?.samples ?? 0
    const totalSamples = samples < 2 ** 36 ? samples : 0
    const patched = bytes.slice(0, FLAC_HEAD_BYTES)
    patched.set(buildFlacStreamInfo({ ...streamInfo, totalSamples }), FLAC_MAGIC.length + 4)
    return { head: patched, endByte: last?.end ?? framesStart, samples }
  }
}

function readStart(bytes: Uint8Array): FlacStreamHead | 'more' | undefined {
  const magic = parseFlacMagic(bytes, 0)
  return magic && parseFlacBlocks(bytes, 0, magic)
}

function tailBytes({ maxBlockSize, channels, bitsPerSample }: FlacStreamInfo): number {
  const verbatimBytes = Math.ceil((maxBlockSize * channels * (bitsPerSample + 1)) / 8)
  return Math.max(LEAST_TAIL_BYTES, TAIL_FRAMES * verbatimBytes)
}

/** The last whole frame of the stream in `tail`: where it ends, and the samples up to there. */
function lastFrame(tail: FilePart, framesStart: number, streamInfo: FlacStreamInfo) {
  // frames may leave rate and bits to STREAMINFO
  const opening = concatBytes([
    FLAC_MAGIC,
    buildMetadataBlock(BLOCK_TYPE.streamInfo, buildFlacStreamInfo(streamInfo), true),
  ])
  const runs = new FrameRuns<FoundFlacFrame>(tail.startByte === framesStart ? framesStart : undefined)
  let at = tail.startByte - opening.length
  const framer = new FlacFramer({
    onSpan(span) {
      at += span.overheadBytes
      for (let index = 0; index < span.frames; index++) {
        const frame = span.frame(index)
        const header = parseFlacFrameHeader(frame)
        if (header) runs.add({ ...numberOf(header, streamInfo), at, end: at + frame.length })
        at += frame.length
      }
    },
    onDiscard: (bytes) => (at += bytes),
  })
  framer.push(concatBytes([opening, tail.bytes]))
  framer.flush()
  return runs.longest().at(-1)
}

interface FoundFlacFrame extends FoundFrame {
  /** Samples up to its end. */
  readonly samples: number
}

function numberOf(header: FlacFrameHeader, { maxBlockSize }: FlacStreamInfo) {
  const { number, blockSize, variableBlockSize } = header
  const samples = (variableBlockSize ? number : number * maxBlockSize) + blockSize
  return { number, next: nextFlacNumber(header), samples }
}
