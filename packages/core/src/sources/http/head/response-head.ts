import { ByteQueue } from '../../../bytes/byte-queue.js'
import { SourceError } from '../../../errors.js'

/** Largest head, 1xx answers included. */
export const MAX_HEAD_BYTES = 256 * 1024

const LF = 0x0a
const CR = 0x0d

/** How an answer may begin; SOURCETABLE is what NTRIP casters say when the mount does not exist. */
const STATUS_LINE = /^(HTTP|ICY|SOURCETABLE)(?:\/([\d.]+))?\s+(\d{3})(?:\s+(.*))?$/i
const STATUS_PROTOCOLS = ['HTTP', 'ICY', 'SOURCETABLE']

/** A text that is no status line is not waited for any longer than this. */
const MAX_UNDECIDED_BYTES = 64

/** Everything before the body. */
export interface ResponseHead {
  /** `HTTP/1.1`, `ICY`, ...; `HTTP/0.9` when the body came without a head. */
  readonly protocol: string
  /** Status code; 200 for HTTP/0.9. */
  readonly status: number
  /** Reason phrase as sent. */
  readonly reason: string
  /** Values by lower-case name, in order, read as latin1. */
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/** First value of a header; `undefined` when it is absent or empty. */
export function headerOf(head: ResponseHead, name: string): string | undefined {
  return head.headers.get(name)?.[0] || undefined
}

/**
 * Reads response heads as stations really send them: `HTTP/1.x` or `ICY`, lines ended by LF or CR LF, folded lines,
 * control characters, spaces in names, lines that are no header at all, 1xx answers before the real one, or no head (HTTP/0.9).
 * Pure; bytes may be cut anywhere.
 * @source RFC 9112 §4, §5
 */
export class ResponseHeadParser {
  readonly #queue = new ByteQueue()
  #lines: string[] = []
  #lineStart = 0
  #scanned = 0
  #headBytes = 0
  #started = false

  /**
   * Takes bytes; gives the head once it is complete, then {@link rest} is the begin of the body.
   * @throws {@link SourceError} `ISR_SOURCE_PROTOCOL`
   */
  push(bytes: Uint8Array): ResponseHead | undefined {
    this.#queue.push(bytes)
    if (!this.#started) {
      const kind = this.#firstBytes()
      if (kind === 'undecided') return undefined
      if (kind === 'body') return { protocol: 'HTTP/0.9', status: 200, reason: '', headers: new Map() }
      this.#started = true
    }
    return this.#scan()
  }

  /** What was pushed beyond the head. */
  get rest(): Uint8Array {
    return this.#queue.bytes
  }

  #scan(): ResponseHead | undefined {
    for (;;) {
      const bytes = this.#queue.bytes
      const lf = bytes.indexOf(LF, this.#scanned)
      if (this.#headBytes + (lf < 0 ? bytes.length : lf) >= MAX_HEAD_BYTES) {
        throw protocolError(`the head of the answer is larger than ${MAX_HEAD_BYTES / 1024} KB`)
      }
      if (lf < 0) {
        this.#scanned = bytes.length
        return undefined
      }
      const line = lineOf(bytes, this.#lineStart, lf)
      this.#lineStart = this.#scanned = lf + 1
      if (line !== '') this.#lines.push(line)
      else if (this.#lines.length > 0) {
        const head = parseHead(this.#lines)
        this.#headBytes += lf + 1
        this.#queue.consume(lf + 1)
        const interim = head.status >= 100 && head.status < 200 && head.status !== 101
        if (!interim) return head
        this.#lines = []
        this.#lineStart = this.#scanned = 0
      }
    }
  }

  /** Whether a head or, as in HTTP/0.9, at once the body comes. A head is text; audio shows other bytes soon. */
  #firstBytes(): 'head' | 'body' | 'undecided' {
    const all = this.#queue.bytes
    const start = all.findIndex((byte) => byte !== CR && byte !== LF)
    if (start < 0) return all.length > MAX_UNDECIDED_BYTES ? 'head' : 'undecided'
    const bytes = all.subarray(start, start + MAX_UNDECIDED_BYTES)
    const text = Buffer.from(bytes).toString('latin1').toUpperCase()
    if (STATUS_PROTOCOLS.some((protocol) => text.startsWith(protocol))) return 'head'
    if (bytes.some(isNoText)) return 'body'
    if (STATUS_PROTOCOLS.some((protocol) => protocol.startsWith(text))) return 'undecided'
    if (bytes.length < MAX_UNDECIDED_BYTES && !bytes.includes(LF)) return 'undecided'
    throw protocolError('the answer is not HTTP')
  }
}

/** Bytes that stand in no status line. */
function isNoText(byte: number): boolean {
  return byte > 0x7e || (byte < 0x20 && byte !== CR && byte !== LF && byte !== 0x09)
}

function lineOf(bytes: Uint8Array, start: number, end: number): string {
  while (end > start && bytes[end - 1] === CR) end--
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

function parseHead(lines: readonly string[]): ResponseHead {
  const status = STATUS_LINE.exec(withoutControls(lines[0]))
  if (!status) throw protocolError('the answer has no status line')
  const headers = new Map<string, string[]>()
  let last: string[] | undefined
  for (const line of lines.slice(1)) {
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
      last.push(`${last.pop()!} ${withoutControls(line)}`.trim())
      continue
    }
    const colon = line.indexOf(':')
    const name = withoutControls(line.slice(0, Math.max(0, colon)))
      .toLowerCase()
      .replace(/\s+/g, '-')
    last = undefined
    if (name === '') continue
    last = headers.get(name) ?? []
    last.push(withoutControls(line.slice(colon + 1)))
    headers.set(name, last)
  }
  const [, protocol, version, code, reason = ''] = status
  return { protocol: protocol.toUpperCase() + (version ? `/${version}` : ''), status: Number(code), reason, headers }
}

/** Control characters become spaces; NUL and a lone CR inside of values are really sent. */
function withoutControls(text: string): string {
  let clean = ''
  for (const character of text) clean += character < ' ' || character === '\x7f' ? ' ' : character
  return clean.trim()
}

function protocolError(message: string): SourceError {
  return new SourceError('ISR_SOURCE_PROTOCOL', message)
}
