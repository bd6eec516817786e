import type { ByteQuest, FileReading, SeekPoint } from '../file-layout.js'
import { OGG_CODECS } from './codecs/codecs.js'
import { OggFramer } from './framer.js'
import { StreamPosition } from './packets/stream-position.js'
import { findPlace, lastPlace } from './seeking/find-place.js'
import { startPoint, type OggLayout, type OggPlace } from './seeking/layout.js'
import { findAudioEnd } from './seeking/link-end.js'
import { readLinkStart } from './seeking/link-start.js'

/** How far from the end the last place is looked for. */
const TAIL_BYTES = 1 << 18

/**
 * Ogg files: pages carry positions and checksums, so any place can be found by looking around there. The layout is that of the
 * first link of a chain; reading on from any place comes to the next one. Links that share a serial number, which is not
 * allowed, cannot be told apart by a look at both ends.
 * @source RFC 3533 §4, §6
 */
export const oggFile: FileReading = {
  *inspect(sizeBytes): ByteQuest<OggLayout | undefined> {
    const start = yield* readLinkStart(sizeBytes)
    if (!start) return undefined
    const framesEndByte = yield* findAudioEnd(start, sizeBytes)
    const samples = yield* countSamples({ ...start, framesEndByte })
    return { ...start, framesEndByte, samples }
  },

  *seek(layout, _sizeBytes, sample) {
    const { framesEndByte, samples = Infinity } = layout
    return yield* findPlace(layout as OggLayout, framesEndByte, Math.min(sample, samples - 1))
  },

  resume(fileLayout, point, sink) {
    const layout = fileLayout as OggLayout
    const { header, serial, originGranule } = layout
    const showsAll = layout.prerollFrames > 0
    if (!isPlace(point)) return new OggFramer(OGG_CODECS, sink, { serial, known: { header, showsAll } })
    const { granule, priming } = point
    const hiddenSamples = showsAll ? 0 : layout.hiddenSamples
    const position = StreamPosition.amid(header.codec.granuleTrims, originGranule, granule, hiddenSamples)
    return new OggFramer(OGG_CODECS, sink, { serial, known: { header, showsAll, place: { position, priming } } })
  },
}

function isPlace(point: SeekPoint): point is OggPlace {
  return 'priming' in point
}

/** Position of the last place, and what is read from there to the end of the link. */
function* countSamples(layout: OggLayout): ByteQuest<number> {
  const { framesStartByte, framesEndByte } = layout
  let place: SeekPoint | undefined
  for (let length = TAIL_BYTES; !place; length *= 4) {
    const from = Math.max(framesStartByte, framesEndByte - length)
    place = yield* lastPlace(layout, from, framesEndByte, Infinity)
    if (from === framesStartByte) place ??= startPoint(layout)
  }
  let samples = place.sample
  const framer = oggFile.resume(layout, place, {
    onSpan(span) {
      if (span.header === layout.header) samples += span.samples
    },
    onDiscard: () => {},
  })
  for (let at = place.byte; at < framesEndByte;) {
    const bytes = yield { startByte: at, endByte: Math.min(framesEndByte, at + TAIL_BYTES) }
    if (bytes.length === 0) break
    framer.push(bytes)
    at += bytes.length
  }
  framer.flush()
  return samples
}
