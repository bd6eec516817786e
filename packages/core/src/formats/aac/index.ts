import type { Format } from '../format.js'
import { WHOLE_FRAMES } from '../frame-identity.js'
import { sniffFrames } from '../sync/frame-sniff.js'
import { VerbatimMuxer } from '../verbatim-muxer.js'
import { adtsFile } from './file.js'
import { adtsSync, createAdtsFramer } from './framer.js'

/**
 * AAC in ADTS. Its files are verbatim however they join: ADTS cannot declare hidden pre-roll, so the first 1024 samples of a
 * file played alone are not exact.
 */
export const aacFormat: Format = {
  name: 'aac',
  contentTypes: ['audio/aac', 'audio/aacp', 'audio/x-aac', 'audio/x-hx-aac-adts', 'audio/vnd.dlna.adts'],
  historySeconds: 0,
  sniff: (head) => sniffFrames(adtsSync, head, 0.55),
  createFramer: createAdtsFramer,
  createMuxer: () => new VerbatimMuxer(),
  identity: WHOLE_FRAMES,
  file: adtsFile,
}
