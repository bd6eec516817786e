import type { Format } from '../format.js'
import { flacFile } from './file.js'
import { flacIdentity } from './identity.js'
import { FlacFramer } from './framer.js'
import { FlacMuxer } from './muxer.js'
import { sniffFlac } from './sniff.js'

/** Native FLAC: `.flac`. */
export const flacFormat: Format = {
  name: 'flac',
  contentTypes: ['audio/flac', 'audio/x-flac', 'application/flac', 'application/x-flac'],
  historySeconds: 0,
  sniff: sniffFlac,
  createFramer: (sink) => new FlacFramer(sink),
  createMuxer: (header, context) => new FlacMuxer(header, context),
  identity: flacIdentity,
  file: flacFile,
}
