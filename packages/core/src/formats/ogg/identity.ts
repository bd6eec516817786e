import type { FrameIdentity } from '../frame-identity.js'

/** `\x05vorbis`: codebooks and modes. @source Vorbis I §4.2.1 */
const VORBIS_SETUP = 5

/** An Ogg frame is its packet, whatever page it comes on; serial and tags may change, what configures the codec may not. */
export const oggIdentity: FrameIdentity = {
  setup: ({ packets }) => packets.filter((packet, index) => index === 0 || packet[0] === VORBIS_SETUP),
}
