import { IsrError } from '../../errors.js'
import { refusedOgg } from '../detection/refused-ogg.js'
import type { Format } from '../format.js'
import { OGG_CODECS } from './codecs/codecs.js'
import { oggFile } from './file.js'
import { oggIdentity } from './identity.js'
import { OggFramer } from './framer.js'
import { OggHeader } from './header.js'
import { OggMuxer } from './muxer.js'
import { CAPTURE_PATTERN, pageLength, parsePage } from './page.js'

/**
 * Ogg with Vorbis, Opus or FLAC: chained, multiplexed, joined under way.
 *
 * Reading: `page` (one page) - `page-reader` (bytes to pages) - `packet-reader` (pages to packets) - `logical-stream`
 * (headers, then spans; `stream-position` reads the granule positions) - `framer` (links of a chain, tracks of a multiplex).
 * Writing: `muxer` (what goes where) - `page-writer` (packets to pages). What differs by codec is in `codecs/`.
 * @source RFC 3533, RFC 5334 (media types)
 */
export const oggFormat: Format = {
  name: 'ogg',
  contentTypes: [
    'application/ogg',
    'audio/ogg',
    'video/ogg',
    'audio/opus',
    'audio/vorbis',
    'application/x-ogg',
    'audio/x-ogg',
  ],
  // 1.3 s of Opus pre-roll at most, and a page around it
  historySeconds: 1.5,
  sniff: sniffOgg,
  createFramer: (sink) => new OggFramer(OGG_CODECS, sink),
  createMuxer: (header, context) => {
    if (header instanceof OggHeader) return new OggMuxer(header, context)
    throw new IsrError('ISR_ARGUMENT_INVALID', `header: an Ogg file needs an Ogg header, not ${header.format}`)
  },
  identity: oggIdentity,
  file: oggFile,
}

const CERTAIN = 1
const LIKELY = 0.7
const POSSIBLE = 0.3

/**
 * How sure it is that `head` starts or continues an Ogg stream: certain with one page whose checksum fits, which a
 * connection that begins amid a page shows a little later; likely with a page start at the very beginning. Not at all when
 * its first pages announce nothing that is recorded.
 */
function sniffOgg(head: Uint8Array): number {
  if (refusedOgg(head) !== undefined) return 0
  let best = 0
  for (
    let offset = head.indexOf(CAPTURE_PATTERN[0]);
    offset >= 0;
    offset = head.indexOf(CAPTURE_PATTERN[0], offset + 1)
  ) {
    if (head.length - offset < CAPTURE_PATTERN.length) break
    const length = pageLength(head, offset)
    if (length < 0) continue
    const whole = length > 0 && offset + length <= head.length
    if (whole && parsePage(head.subarray(offset, offset + length)) !== undefined) return CERTAIN
    if (!whole) best = Math.max(best, offset === 0 ? LIKELY : POSSIBLE)
  }
  return best
}
