import { isoWithOffset } from '../../../time/iso-with-offset.js'
import { formatIso } from '../../../time/strftime.js'
import type { MuxerContext } from '../../format.js'
import { id3v2Tag, textFrame, urlFrame, userTextFrame } from '../id3v2.js'

/**
 * The truth about a recording as ID3v2.4: title `TIT2`, start `TDRC` (always UTC), and as `TXXX` the start in microseconds
 * UTC `isr_start`, the start as its place wrote it `isr_date`, the source `isr_source`; `WOAS` too when the source is a URL.
 * @source ID3v2.4 structure §4 (timestamps are UTC), ID3v2.4 frames §4.2.5 TDRC, §4.3.1 WOAS
 */
export function recordingTag(context: MuxerContext): Uint8Array {
  const { title, source, startedAt, utcOffsetMinutes } = context
  return id3v2Tag([
    ...(title ? [textFrame('TIT2', title)] : []),
    textFrame('TDRC', formatIso(startedAt).slice(0, 19)),
    userTextFrame('isr_start', String(Math.round(startedAt * 1000))),
    userTextFrame('isr_date', isoWithOffset(startedAt, utcOffsetMinutes)),
    userTextFrame('isr_source', source),
    ...(/^https?:\/\/[\x21-\x7e]+$/.test(source) ? [urlFrame('WOAS', source)] : []),
  ])
}
