import { flacIdentity, flacSetup } from '../flac/identity.js'
import type { FrameIdentity } from '../frame-identity.js'
import type { HeaderCapture } from '../header-capture.js'
import { readOggStreamInfo } from './codecs/flac.js'
import { withPreSkip } from './codecs/opus.js'

/** `\x05vorbis`: codebooks and modes. @source Vorbis I §4.2.1 */
const VORBIS_SETUP = 5
/** First bytes of a FLAC frame. No packet of Vorbis begins so, and one of Opus would be of 120 ms and more. */
const [FLAC_SYNC, FLAC_SYNC_END] = [0xff, 0xf8]

/**
 * An Ogg frame is its packet, whatever page it comes on; serial and tags may change, what configures the codec may not. How much a
 * listener is not to hear of a stream of Opus does not configure it, and FLAC is what it is elsewhere.
 */
export const oggIdentity: FrameIdentity = {
  setup({ info, packets }: HeaderCapture) {
    const [first] = packets
    if (info.codec === 'opus') return [withPreSkip(first, 0)]
    const streamInfo = info.codec === 'flac' ? readOggStreamInfo(first) : undefined
    if (streamInfo) return [flacSetup(streamInfo)]
    return packets.filter((packet, index) => index === 0 || packet[0] === VORBIS_SETUP)
  },
  ownHeadBytes: (bytes, start, end) => (isFlac(bytes, start) ? flacIdentity.ownHeadBytes(bytes, start, end) : 0),
  ownTailBytes: (bytes, start) => (isFlac(bytes, start) ? flacIdentity.ownTailBytes() : 0),
}

function isFlac(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === FLAC_SYNC && (bytes[start + 1] & 0xfe) === FLAC_SYNC_END
}
