import type { ByteQuest } from '../file-layout.js'

/** A place in a file whose position in the audio is known. */
export interface Landmark {
  /** Where it is. */
  readonly byte: number
  /** What it says of itself, in samples of some count. */
  readonly position: number
}

/** Where to search, and until when. */
export interface BisectRange<Place extends Landmark> {
  /** A place at or before what is searched for. */
  readonly low: Place
  /** Behind it; position Infinity when it is not known. */
  readonly high: Landmark
  /** What is searched for. */
  readonly position: number
  /** So few bytes are left to be walked. */
  readonly enoughBytes: number
}

/**
 * Finds a place shortly before a position. It aims where the position should be if the bytes were spread evenly, and halves
 * where that does not help. A wrong landmark, or none where the file is damaged, makes what is left to walk longer, never wrong.
 * @param probe - the first landmark at or after `byte`, undefined when there is none before `endByte`
 */
export function* bisect<Place extends Landmark>(
  range: BisectRange<Place>,
  probe: (byte: number, endByte: number) => ByteQuest<Place | undefined>,
): ByteQuest<Place> {
  const { position, enoughBytes } = range
  let { low, high } = range
  let halve = false
  while (high.byte - low.byte > enoughBytes) {
    const before = high.byte - low.byte
    const share = halve ? 0.5 : evenShare(low, high, position)
    const aim = low.byte + before * share - (halve ? 0 : enoughBytes / 4)
    const at = Math.floor(Math.max(low.byte + enoughBytes / 2, Math.min(high.byte - enoughBytes / 2, aim)))
    const place = yield* probe(at, high.byte)
    const inside = place && place.byte >= at && place.byte < high.byte && place.position >= low.position
    if (inside && place.position <= position) low = place
    else high = { byte: at, position: inside ? Math.min(place.position, high.position) : high.position }
    halve = high.byte - low.byte > before / 2
  }
  return low
}

function evenShare(low: Landmark, high: Landmark, position: number): number {
  const share = (position - low.position) / (high.position - low.position)
  return Number.isFinite(high.position) && share >= 0 && share <= 1 ? share : 0.5
}
