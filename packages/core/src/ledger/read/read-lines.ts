import { concatBytes } from '../../bytes/concat.js'
import { parseEntry, type ParsedEntry } from './parse-entry.js'

const NEWLINE = 0x0a
/** A day's titles fit; what is longer was never a line of ours. */
const MAX_LINE_BYTES = 16 * 1024 * 1024

/** A line of a ledger as it stands in the file. */
export type LedgerText = ParsedEntry & {
  /** 1-based. */
  readonly line: number
  /** Where it begins in the file. */
  readonly startByte: number
  /** As it stands there, without the line end; empty when it is no UTF-8 or beyond all bounds. */
  readonly text: string
}

/** The lines of a ledger, damaged ones included. Never throws at what stands there; holds one line. */
export async function* readLedgerLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LedgerText> {
  let parts: Uint8Array[] = []
  let length = 0
  let line = 1
  let startByte = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      length += end - from
      if (length <= MAX_LINE_BYTES) parts.push(chunk.subarray(from, end))
      const whole = toLine(parts, length, line, startByte)
      if (whole) yield whole
      startByte += length + 1
      line++
      parts = []
      length = 0
      from = end + 1
    }
    length += chunk.length - from
    if (length <= MAX_LINE_BYTES) parts.push(chunk.subarray(from))
    else parts = []
  }
  if (length > 0) yield { line, startByte, text: '', fault: 'is torn: it has no line end' }
}

/** Undefined for an empty line, which says nothing. */
function toLine(parts: readonly Uint8Array[], length: number, line: number, startByte: number): LedgerText | undefined {
  if (length === 0) return undefined
  const place = { line, startByte }
  if (length > MAX_LINE_BYTES) return { ...place, text: '', fault: 'is longer than any line can be' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(concatBytes(parts))
  } catch {
    return { ...place, text: '', fault: 'is no UTF-8 text' }
  }
  return { ...place, text, ...parseEntry(text) }
}
