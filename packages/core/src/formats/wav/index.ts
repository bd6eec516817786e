import type { Format } from '../format.js'
import { wavFile } from './file.js'
import { WavFramer } from './framer.js'
import { WavMuxer } from './muxer.js'
import { sniffWav } from './sniff.js'

/** PCM in WAVE files, RF64 past 4 GiB: `.wav`. Raw PCM comes in through {@link PcmFramer}. */
export const wavFormat: Format = {
  name: 'wav',
  contentTypes: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  historySeconds: 0,
  sniff: sniffWav,
  createFramer: (sink) => new WavFramer(sink),
  createMuxer: (header, context) => new WavMuxer(header, context),
  file: wavFile,
}
