import type { ByteQuest } from '../../formats/file-layout.js'
import { opusCodec } from '../../formats/ogg/codecs/opus.js'
import { PageReader } from '../../formats/ogg/page-reader.js'
import { MAX_PAGE_BYTES, pageLength, parsePage, type OggPage } from '../../formats/ogg/page.js'
import { FrameRuns, type FoundFrame } from '../frame-runs.js'
import { LivePatcher, NOTHING_YET, type LiveView } from '../live-patcher.js'
import { readHead, readTail, type FilePart } from '../live-quests.js'

/** Enough for true pages to be the most, however long they are. */
const TAIL_BYTES = 4 * MAX_PAGE_BYTES

/**
 * A growing Ogg file: players take its length from the last page, so the head stays as it is and the file ends behind the last
 * whole page with which a packet ends. Only the mark of the last page is missing.
 */
export class LiveOggPatcher extends LivePatcher {
  *view(sizeBytes: number): ByteQuest<LiveView> {
    const head = yield* readHead(sizeBytes, MAX_PAGE_BYTES)
    const length = pageLength(head, 0)
    const first = length > 0 && length <= head.length ? parsePage(head.subarray(0, length)) : undefined
    if (!first?.beginOfStream) return NOTHING_YET
    const tail = yield* readTail(0, sizeBytes, TAIL_BYTES)
    const last = pagesOf(tail, first.serial).findLast(({ page }) => isPlaceToStop(page))
    if (!last) return NOTHING_YET
    return {
      ...NOTHING_YET,
      endByte: last.end,
      samples: Math.max(0, last.page.granule - preSkipSamples(first.body)),
    }
  }
}

interface FoundPage extends FoundFrame {
  readonly page: OggPage
}

function pagesOf(tail: FilePart, serial: number): readonly FoundPage[] {
  const runs = new FrameRuns<FoundPage>(tail.startByte === 0 ? 0 : undefined)
  let at = tail.startByte
  const reader = new PageReader({
    onPage(page) {
      const { sequence: number } = page
      const next = (number + 1) % 2 ** 32
      if (page.serial === serial) runs.add({ page, at, end: at + page.bytes.length, number, next })
      at += page.bytes.length
    },
    onDiscard: (bytes) => (at += bytes),
  })
  reader.push(tail.bytes)
  reader.flush()
  return runs.longest()
}

/** A page of audio whose last packet does not go on: pages before the audio have position 0, those amid a packet -1. */
function isPlaceToStop({ granule, laces }: OggPage): boolean {
  return granule > 0 && laces[laces.length - 1] !== 255
}

function preSkipSamples(firstPacket: Uint8Array): number {
  return opusCodec.recognises(firstPacket) ? (opusCodec.readHeaders([firstPacket])?.preSkipSamples ?? 0) : 0
}
