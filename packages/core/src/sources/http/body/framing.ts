import { headerOf } from '../head/response-head.js'
import type { ResponseHead } from '../head/response-head.js'
import type { BodyFraming, BodyState } from './body-framing.js'
import { ChunkedFraming } from './chunked.js'

const EMPTY = new Uint8Array(0)

/** A body that ends where its connection ends. */
class UntilCloseFraming implements BodyFraming {
  readonly state = 'open'
  readonly mayEnd = true

  push(bytes: Uint8Array): Uint8Array {
    return bytes
  }
}

/** A body of announced length. */
class CountedFraming implements BodyFraming {
  #left: number

  constructor(lengthBytes: number) {
    this.#left = lengthBytes
  }

  get state(): BodyState {
    return this.#left === 0 ? 'complete' : 'open'
  }

  get mayEnd(): boolean {
    return this.#left === 0
  }

  push(bytes: Uint8Array): Uint8Array {
    if (this.#left === 0) return EMPTY
    const body = bytes.subarray(0, this.#left)
    this.#left -= body.length
    return body
  }
}

/**
 * The framing that a head announces. Chunked wins over a length; lengths that contradict each other or make no sense count
 * for nothing, 0 too: stations send it with a live body.
 * @source RFC 9112 §6.3
 */
export function framingOf(head: ResponseHead): BodyFraming {
  if (transferCodings(head).includes('chunked')) return new ChunkedFraming()
  const lengths = new Set(
    (head.headers.get('content-length') ?? []).flatMap((value) => value.split(',')).map((v) => v.trim()),
  )
  const [length] = lengths
  const bytes = lengths.size === 1 && /^\d+$/.test(length) ? Number(length) : 0
  return bytes > 0 && Number.isSafeInteger(bytes) ? new CountedFraming(bytes) : new UntilCloseFraming()
}

/** How the body is compressed, by transfer coding or content coding; `undefined` when it is not. */
export function codingOf(head: ResponseHead): string | undefined {
  const content = (headerOf(head, 'content-encoding') ?? '').toLowerCase()
  return [...transferCodings(head), ...content.split(',')]
    .map((coding) => coding.trim().replace(/^x-/, ''))
    .find((coding) => coding === 'gzip' || coding === 'deflate')
}

function transferCodings(head: ResponseHead): string[] {
  const values = head.headers.get('transfer-encoding') ?? []
  return values.flatMap((value) => value.toLowerCase().split(',')).map((coding) => coding.trim())
}
