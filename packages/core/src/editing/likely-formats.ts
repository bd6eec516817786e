import type { Format } from '../formats/format.js'
import { skipTags } from '../formats/reading/quests.js'
import type { RandomAccess } from '../storages/access/random-access.js'
import { drive } from './drive.js'

/** What formats are shown at a time. */
const WINDOW_BYTES = 16_384
/** A head without any sign of a format may be damaged; so many windows are looked at. */
const WINDOWS = 8
/** So sure a format has to be to be tried. */
const SUFFICIENT = 0.25

/** The formats that a file may be of by the look of its first bytes behind its tags, the surest first. */
export async function likelyFormats(access: RandomAccess, formats: readonly Format[]): Promise<Format[]> {
  const start = await drive(skipTags(access.sizeBytes), access)
  for (let window = 0; window < WINDOWS; window++) {
    const at = start + window * WINDOW_BYTES
    const head = await access.read(at, at + WINDOW_BYTES)
    if (head.length === 0) break
    const likely = formats
      .map((format) => ({ format, confidence: format.sniff(head) }))
      .filter(({ confidence }) => confidence >= SUFFICIENT)
      .sort((one, other) => other.confidence - one.confidence)
    if (likely.length > 0) return likely.map(({ format }) => format)
  }
  return []
}
