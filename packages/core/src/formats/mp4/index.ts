import type { Format } from '../format.js'
import { M4aMuxer } from './muxer.js'

/** AAC in MP4, for files that are cut or exported from ADTS: exact where ADTS cannot be. It is written, not recorded. */
export const m4aContainer: Pick<Format, 'name' | 'historySeconds' | 'createMuxer'> = {
  name: 'm4a',
  // what a frame of HE-AAC may need
  historySeconds: 1.1,
  createMuxer: (header, context) => new M4aMuxer(header, context),
}
