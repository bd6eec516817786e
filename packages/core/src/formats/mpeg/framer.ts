import type { Framer, FramerSink } from '../format.js'
import { SyncFramer, type SyncFormat } from '../sync/frame-sync.js'
import { isWholeFrame } from './doubt.js'
import { frameBytes, HEADER_BYTES, streamIdentity } from './frame-header.js'
import { Mp3HeaderCapture } from './header.js'
import { isInfoFrame } from './info-frame.js'

/** How an MP3 stream is read: layer III of MPEG-1, 2 and 2.5, CBR and VBR; three headers in a row prove a frame. */
export const mp3Sync: SyncFormat = {
  headerBytes: HEADER_BYTES,
  chainFrames: 3,
  frameBytes,
  identity: streamIdentity,
  samples: (bytes, at) => ((bytes[at + 1] & 0x18) === 0x18 ? 1152 : 576),
  isTagFrame: isInfoFrame,
  isWholeFrame,
  capture: (bytes, at, next) => new Mp3HeaderCapture(bytes, at, next),
}

/** A framer for one connection that carries MP3. Xing, Info and VBRI frames and tags are discarded as `tag`. */
export function createMp3Framer(sink: FramerSink): Framer {
  return new SyncFramer(mp3Sync, sink)
}
