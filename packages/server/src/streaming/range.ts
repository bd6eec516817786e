/** Bytes of a file: `start` <= byte < `end`. */
export interface ByteSpan {
  /** First byte. */
  readonly start: number
  /** First byte behind it. */
  readonly end: number
}

/** More parts than any player asks for; a request beyond it wants to cost, not to play. */
const MAX_RANGES = 32
/** Parts that are nearer than what a part costs are sent as one. */
const JOIN_BYTES = 80

/**
 * What a `Range` header asks for.
 * @param header - its value; undefined when there is none
 * @param size - of the file
 * @returns the parts in the order asked for; `undefined` when the whole file is to be sent (no header, or one that is to be ignored);
 * empty when nothing of what is asked for is there
 * @source RFC 9110 §14.1.2, §14.2
 */
export function parseRange(header: string | undefined, size: number): readonly ByteSpan[] | undefined {
  if (header === undefined) return undefined
  const match = /^bytes=([\d\s,-]+)$/i.exec(header)
  if (!match || header.length > 1000) return undefined
  const spans: ByteSpan[] = []
  let asked = 0
  for (const part of match[1].split(',')) {
    const text = part.trim()
    if (text === '') continue
    asked++
    const span = spanOf(text, size)
    if (span === 'malformed') return undefined
    if (span) spans.push(span)
  }
  if (asked === 0 || asked > MAX_RANGES) return undefined
  return joined(spans)
}

/** Undefined when nothing of it is there. */
function spanOf(text: string, size: number): ByteSpan | 'malformed' | undefined {
  const match = /^(\d*)-(\d*)$/.exec(text)
  if (!match || text === '-') return 'malformed'
  const [first, last] = [match[1], match[2]]
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length > 0 ? { start: size - length, end: size } : undefined
  }
  const start = Number(first)
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  if (last !== '' && Number(last) < start) return 'malformed'
  return start < size ? { start, end } : undefined
}

/** Parts that overlap or nearly touch become one; a single part stays as it is. */
function joined(spans: readonly ByteSpan[]): readonly ByteSpan[] {
  if (spans.length < 2) return spans
  const sorted = spans.map((span, order) => ({ ...span, order })).sort((one, other) => one.start - other.start)
  const result = [sorted[0]]
  for (const span of sorted.slice(1)) {
    const last = result[result.length - 1]
    if (span.start > last.end + JOIN_BYTES) result.push(span)
    else
      result[result.length - 1] = {
        start: last.start,
        end: Math.max(last.end, span.end),
        order: Math.min(last.order, span.order),
      }
  }
  return result.sort((one, other) => one.order - other.order).map(({ start, end }) => ({ start, end }))
}
