import type { Format } from '../format.js'
import { WHOLE_FRAMES } from '../frame-identity.js'
import { sniffFrames } from '../sync/frame-sniff.js'
import { VerbatimMuxer } from '../verbatim-muxer.js'
import { mp3File } from './file.js'
import { ExactMp3Muxer } from './exact/exact-muxer.js'
import { prerollSeconds } from './exact/preroll.js'
import { createMp3Framer, mp3Sync } from './framer.js'
import { Mp3HeaderCapture } from './header.js'

/**
 * MP3: layer III of MPEG-1, 2 and 2.5. A `verbatim` file holds exactly the received frames; an `exact` one opens with tag,
 * Info frame and hidden pre-roll.
 */
export const mp3Format: Format = {
  name: 'mp3',
  contentTypes: [
    'audio/mpeg',
    'audio/mp3',
    'audio/x-mp3',
    'audio/mpeg3',
    'audio/x-mpeg',
    'audio/x-mpeg-3',
    'audio/mpg',
  ],
  // the reservoir reaches back 255 bytes, which the smallest frames (24 bytes, 3 of them main data) give in 85 frames of 24 ms
  historySeconds: 2.2,
  historySecondsOf(header) {
    return header instanceof Mp3HeaderCapture
      ? Math.min(this.historySeconds, prerollSeconds(header))
      : this.historySeconds
  },
  sniff: (head) => sniffFrames(mp3Sync, head, 0.6),
  createFramer: createMp3Framer,
  createMuxer(header, context) {
    if (context.join === 'verbatim') return new VerbatimMuxer()
    if (!(header instanceof Mp3HeaderCapture)) throw new TypeError('not the header of an MP3 stream')
    return new ExactMp3Muxer(header, context)
  },
  identity: WHOLE_FRAMES,
  file: mp3File,
}
