import type { Framer, FramerSink } from '../format.js'
import { SyncFramer, type SyncFormat } from '../sync/frame-sync.js'
import { isWholeFrame } from './doubt.js'
import { frameBytes, frameSamples, HEADER_BYTES, streamIdentity } from './frame-header.js'
import { AacHeaderCapture } from './header.js'

/** How an ADTS stream is read: two headers in a row prove a frame, for they have 21 bits in common and a length each. */
export const adtsSync: SyncFormat = {
  headerBytes: HEADER_BYTES,
  chainFrames: 2,
  frameBytes,
  identity: streamIdentity,
  samples: frameSamples,
  isTagFrame: () => false,
  isWholeFrame,
  capture: (bytes, at) => new AacHeaderCapture(bytes, at),
}

/** A framer for one connection that carries AAC in ADTS, HE-AAC included. Tags are discarded as `tag`. */
export function createAdtsFramer(sink: FramerSink): Framer {
  return new SyncFramer(adtsSync, sink)
}
