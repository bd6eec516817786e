import type { ByteQuest, SeekPoint } from '../../file-layout.js'
import { bisect, type Landmark } from '../../reading/bisect.js'
import { startPoint, type OggLayout, type OggPlace } from './layout.js'
import { PageCursor, type FoundPage } from './page-cursor.js'
import { PlaceTracker } from './place-tracker.js'

/** So few bytes are walked rather than halved: two of the longest pages. */
const ENOUGH_BYTES = 1 << 17
/** How far one look goes for a page of the audio. */
const MOST_PROBE_BYTES = 1 << 20

/** The next page of the audio on which a packet ends. */
export function* nextAudioPage(cursor: PageCursor, serial: number): ByteQuest<FoundPage | undefined> {
  for (;;) {
    const found = yield* cursor.next()
    if (!found || (found.page.serial === serial && found.page.granule >= 0)) return found
  }
}

/** The last place at or before `sample` in the link, whose audio ends at `endByte`. */
export function* findPlace(layout: OggLayout, endByte: number, sample: number): ByteQuest<SeekPoint> {
  const start = startPoint(layout)
  if (!(sample > start.sample)) return start
  const first = { byte: layout.framesStartByte, position: start.sample }
  const high = { byte: endByte, position: layout.samples ?? Infinity }
  const range = { low: first, high, position: sample, enoughBytes: ENOUGH_BYTES }
  const low = yield* bisect(range, (byte, before) => probe(layout, byte, before))
  // a place needs a page before it, and at worst some more: further back when there is none
  for (let back = 0; ; back = Math.max(ENOUGH_BYTES, 4 * back)) {
    const from = Math.max(first.byte, low.byte - back)
    const place = yield* lastPlace(layout, from, endByte, sample)
    if (place) return place
    if (from === first.byte) return start
  }
}

/** The last place at or before `sample` among the pages from `fromByte` on. */
export function* lastPlace(
  layout: OggLayout,
  fromByte: number,
  endByte: number,
  sample: number,
): ByteQuest<OggPlace | undefined> {
  const cursor = new PageCursor(fromByte, endByte)
  const tracker = new PlaceTracker(layout)
  let last: OggPlace | undefined
  for (;;) {
    const found = yield* cursor.next()
    if (!found) return last
    if (found.page.serial !== layout.serial) continue
    const place = tracker.read(found)
    if (place && place.sample > sample) return last
    last = place ?? last
  }
}

/** The first page of the audio at or after `byte`: what it ends with says what all behind it begins with. */
function* probe(layout: OggLayout, byte: number, endByte: number): ByteQuest<Landmark | undefined> {
  const cursor = new PageCursor(byte, Math.min(endByte, byte + MOST_PROBE_BYTES))
  const found = yield* nextAudioPage(cursor, layout.serial)
  if (!found) return undefined
  return { byte: found.byte, position: found.page.granule - layout.originGranule - layout.hiddenSamples }
}
