import type { ByteQuest } from '../../formats/file-layout.js'
import { mp3Sync } from '../../formats/mpeg/framer.js'
import { infoFrame, readInfoTrims, type InfoTrims } from '../../formats/mpeg/info-frame.js'
import { tagBytes } from '../../formats/sync/stream-tags.js'
import { LivePatcher, NOTHING_YET, type LiveView } from '../live-patcher.js'
import { readHead, readTail } from '../live-quests.js'
import { Mp3Extent } from '../mp3-extent.js'
import { frameBytes, SYNC_TAIL_BYTES, tailFrames } from '../sync-tail.js'

const HEAD_BYTES = 1 << 15
/** Samples by which every decoder is late; the declared padding holds them. */
const DECODER_DELAY_SAMPLES = 529

/** How an MP3 file begins. */
interface Mp3Start {
  /** Where the Info frame stands, or the first frame when there is none. */
  readonly firstByte: number
  /** Where frames of audio begin. */
  readonly framesStart: number
  /** Version, rate and channels of the frames. */
  readonly identity: number
  /** What the Info frame declares; undefined when there is none. */
  readonly trims?: InfoTrims
}

/**
 * A growing MP3 file: its Info frame says how many frames and bytes there are so far, and where in them which part of the time
 * lies. At a constant rate that is arithmetic; else every frame is looked at, once: keep the patcher for the next time.
 * A `verbatim` file has no Info frame, and no room for one: it only ends with a whole frame.
 */
export class LiveMp3Patcher extends LivePatcher {
  #extent?: Mp3Extent;

  *view(sizeBytes: number): ByteQuest<LiveView> {
    const head = yield* readHead(sizeBytes, HEAD_BYTES)
    const start = readStart(head)
    if (!start) return NOTHING_YET
    const { firstByte, framesStart, identity, trims } = start
    if (!trims) {
      const tail = yield* readTail(firstByte, sizeBytes, SYNC_TAIL_BYTES)
      const last = tailFrames(mp3Sync, tail, identity, firstByte).at(-1)
      return { ...NOTHING_YET, endByte: last?.end ?? 0 }
    }
    const samplesPerFrame = mp3Sync.samples(head, framesStart)
    const hiddenSamples = trims.delaySamples + DECODER_DELAY_SAMPLES
    const hiddenFrames = Math.floor(hiddenSamples / samplesPerFrame)
    this.#extent ??= new Mp3Extent({ firstByte, framesStart, identity, hiddenFrames })
    const { frames, endByte, toc, vbr, bitrateBps } = yield* this.#extent.measure(sizeBytes)
    const info = infoFrame(head.subarray(framesStart), {
      extent: { frames, bytes: endByte - firstByte, toc },
      vbr,
      delaySamples: trims.delaySamples,
      paddingSamples: trims.paddingSamples,
      musicCrc: 0, // of every byte: known when the file is closed
      ...(bitrateBps !== undefined && { bitrateBps }),
    })
    const samples = Math.max(0, frames * samplesPerFrame - hiddenSamples)
    if (info.length !== framesStart - firstByte) return { ...NOTHING_YET, endByte, samples }
    const patched = head.slice(0, framesStart)
    patched.set(info, firstByte)
    return { head: patched, endByte, samples }
  }
}

/** Undefined while the first frame is not there. */
function readStart(head: Uint8Array): Mp3Start | undefined {
  const firstByte = tagBytes(head, 0, true)
  if (firstByte + mp3Sync.headerBytes > head.length) return undefined
  const length = mp3Sync.frameBytes(head, firstByte)
  if (length === 0 || firstByte + length > head.length) return undefined
  const identity = mp3Sync.identity(head, firstByte)
  if (!mp3Sync.isTagFrame(head, firstByte)) return { firstByte, framesStart: firstByte, identity }
  const framesStart = firstByte + length
  if (frameBytes(mp3Sync, head, framesStart, identity) === 0) return undefined
  return { firstByte, framesStart, identity, trims: readInfoTrims(head, firstByte) }
}
