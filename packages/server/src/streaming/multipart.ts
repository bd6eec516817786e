import { randomBytes } from 'node:crypto'
import type { ByteSpan } from './range.js'
import type { Piece } from './send-body.js'

/** Several parts in one body. */
export interface Multipart {
  /** Of the whole body. */
  readonly contentType: string
  /** Size of the whole body. */
  readonly sizeBytes: number
  /** In order. */
  readonly pieces: readonly Piece[]
}

/** @source RFC 9110 §14.6 */
export function multipart(spans: readonly ByteSpan[], sizeBytes: number, contentType: string): Multipart {
  const boundary = randomBytes(12).toString('hex')
  const pieces = spans.flatMap((span, index): Piece[] => [
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${contentType}\r\n` +
        `Content-Range: bytes ${span.start}-${span.end - 1}/${sizeBytes}\r\n\r\n`,
    ),
    span,
  ])
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  const length = (piece: Piece) => (piece instanceof Uint8Array ? piece.length : piece.end - piece.start)
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    sizeBytes: pieces.reduce((sum, piece) => sum + length(piece), 0),
    pieces,
  }
}
