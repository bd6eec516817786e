/** A run of one byte value this long is no chance. */
const RUN_BYTES = 16
/** Shorter, because it must touch the very place where a frame ends. */
const TOUCHING_BYTES = 8

/**
 * What the look of the bytes around `edge`, where the frame from `start` ends and nothing readable follows, tells of damage:
 * `clean` when the kind of content changes exactly there, so that foreign bytes were put behind a whole frame; `torn` when
 * foreign bytes are seen on both sides; `unknown` when everything looks like audio.
 */
export function contentEdge(bytes: Uint8Array, start: number, edge: number): 'clean' | 'torn' | 'unknown' {
  if (edge - start < TOUCHING_BYTES || bytes.length - edge < TOUCHING_BYTES) return 'unknown'
  const last = bytes[edge - 1]
  const first = bytes[edge]
  if (first !== last && isRun(bytes, edge - TOUCHING_BYTES, edge)) return 'clean' // a frame that ends with stuffing
  if (first !== last && edge + RUN_BYTES <= bytes.length && isRun(bytes, edge, edge + RUN_BYTES)) return 'clean'
  const textAfter = isText(bytes, edge, edge + TOUCHING_BYTES)
  const textBefore = isText(bytes, edge - TOUCHING_BYTES, edge)
  if (textAfter) return textBefore ? 'torn' : 'clean'
  const spans = first === last && hasRun(bytes, Math.max(start, edge - RUN_BYTES), edge + TOUCHING_BYTES)
  return spans ? 'torn' : 'unknown'
}

function isRun(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (bytes[at] !== bytes[from]) return false
  return true
}

/** Whether one byte value fills a stretch that audio hardly ever has, somewhere from `from` to `to`. */
export function hasRun(bytes: Uint8Array, from: number, to: number): boolean {
  let length = 1
  for (let at = from + 1; at < to; at++) {
    length = bytes[at] === bytes[at - 1] ? length + 1 : 1
    if (length >= RUN_BYTES) return true
  }
  return false
}

function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if ((byte < 0x20 || byte > 0x7e) && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false
  }
  return true
}
