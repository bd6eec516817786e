import { formatNamed } from '../registry.js'
import { FlacMuxer } from '../flac/muxer.js'
import type { Muxer, MuxerContext } from '../format.js'
import type { FrameSpan } from '../frame-span.js'
import type { HeaderCapture } from '../header-capture.js'
import type { EndlessContainer, EndlessMuxer } from './endless.js'
import { FragmentedMp4 } from '../mp4/fragmented/fragmented-mp4.js'
import { trackFor } from '../mp4/fragmented/track.js'
import { VorbisWebm } from '../webm/vorbis-webm.js'

const CONTENT_TYPES: Readonly<Record<string, string | undefined>> = {
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  wav: 'audio/wav',
}
const NOTHING = new Uint8Array(0)
/** Nobody reads the sum of what never ends: to decode each frame for it would be in vain. */
const NO_SUM = { add() {}, digest: () => new Uint8Array(16) }

/** What listeners get of such a stream, which begins with `first`. */
export function endlessMuxer(first: FrameSpan, container: EndlessContainer, source: string): EndlessMuxer {
  const { header } = first
  const track = container !== 'own' ? trackFor(header, first) : undefined
  if (track) return new FragmentedMp4(track)
  if (container === 'mse' && header.info.codec === 'vorbis') return new VorbisWebm(header)
  const contentType = CONTENT_TYPES[header.format] ?? 'application/octet-stream'
  const muxer = muxerFor(header, source)
  return {
    contentType,
    begin: () => muxer?.begin() ?? NOTHING,
    write: (span) => muxer?.write(span) ?? span.bytes,
    flush: () => NOTHING,
  }
}

/** Undefined where frames need nothing around them. */
function muxerFor(header: HeaderCapture, source: string): Muxer | undefined {
  const context: MuxerContext = {
    join: 'verbatim',
    history: [],
    utcOffsetMinutes: 0,
    source,
    serial: 1,
    opusPrerollMs: 80,
  }
  if (header.format === 'mp3' || header.format === 'aac') return undefined
  if (header.format === 'flac') return new FlacMuxer(header, context, NO_SUM)
  return formatNamed(header.format)?.createMuxer(header, context)
}
