import { adtsSync } from '../../formats/aac/framer.js'
import type { ByteQuest } from '../../formats/file-layout.js'
import { LivePatcher, NOTHING_YET, type LiveView } from '../live-patcher.js'
import { readHead, readTail } from '../live-quests.js'
import { SYNC_TAIL_BYTES, tailFrames } from '../sync-tail.js'

/**
 * A growing ADTS file: it has no head to change, but must end with a whole frame, for browsers give up a file whose last
 * frame is cut. How long it is cannot be declared.
 */
export class LiveAdtsPatcher extends LivePatcher {
  *view(sizeBytes: number): ByteQuest<LiveView> {
    const head = yield* readHead(sizeBytes, adtsSync.headerBytes)
    if (head.length < adtsSync.headerBytes || adtsSync.frameBytes(head, 0) === 0) return NOTHING_YET
    const tail = yield* readTail(0, sizeBytes, SYNC_TAIL_BYTES)
    const last = tailFrames(adtsSync, tail, adtsSync.identity(head, 0), 0).at(-1)
    return { ...NOTHING_YET, endByte: last?.end ?? 0 }
  }
}
