import type { ByteQuest } from '../../file-layout.js'
import { MAX_PAGE_BYTES } from '../page.js'
import { nextAudioPage } from './find-place.js'
import type { OggLayout } from './layout.js'
import { PageCursor } from './page-cursor.js'

/** What is read at the end at first. */
const TAIL_BYTES = 1 << 16
/** So few bytes of doubt about the border between two links are searched through. */
const ENOUGH_BYTES = 1 << 17

/** Where the last page of the audio ends on which a packet ends. In a chained file: of the first link. */
export function* findAudioEnd(layout: OggLayout, sizeBytes: number): ByteQuest<number> {
  const linkEnd = (yield* isLastLink(layout, sizeBytes)) ? sizeBytes : yield* findBorder(layout, sizeBytes)
  for (let length = TAIL_BYTES; ; length *= 4) {
    const from = Math.max(layout.framesStartByte, linkEnd - length)
    const end = yield* lastPageEnd(layout, from, linkEnd)
    if (end !== undefined) return end
    if (from === layout.framesStartByte) return layout.framesStartByte
  }
}

/** Whether the last page of the file belongs to the link. */
function* isLastLink(layout: OggLayout, sizeBytes: number): ByteQuest<boolean> {
  for (let length = TAIL_BYTES; ; length *= 4) {
    const from = Math.max(layout.framesStartByte, sizeBytes - length)
    const cursor = new PageCursor(from, sizeBytes)
    let last = yield* cursor.next()
    for (let next = last; next; next = yield* cursor.next()) last = next
    if (last) return layout.linkSerials.has(last.page.serial)
    if (from === layout.framesStartByte) return true
  }
}

/** A place behind all pages of the link and not far behind; pages of the next link may end before it. */
function* findBorder(layout: OggLayout, sizeBytes: number): ByteQuest<number> {
  let low = layout.framesStartByte
  let high = sizeBytes
  while (high - low > ENOUGH_BYTES) {
    const middle = Math.floor((low + high) / 2)
    const found = yield* new PageCursor(middle, high).next()
    if (found && layout.linkSerials.has(found.page.serial)) low = found.byte + found.page.bytes.length
    else high = middle
  }
  // the last page may have begun right before
  return Math.min(sizeBytes, high + MAX_PAGE_BYTES)
}

function* lastPageEnd(layout: OggLayout, fromByte: number, endByte: number): ByteQuest<number | undefined> {
  const cursor = new PageCursor(fromByte, endByte)
  let end: number | undefined
  for (;;) {
    const found = yield* nextAudioPage(cursor, layout.serial)
    if (!found) return end
    end = found.byte + found.page.bytes.length
  }
}
