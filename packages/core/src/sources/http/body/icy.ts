import type { StreamMetadata } from '../../../model.js'
import { decodeText } from '../head/charset.js'

/** Audio between two metadata blocks, with what the block before it said. */
interface IcyPiece {
  /** Audio. */
  readonly bytes: Uint8Array
  /** In force from the first byte on; absent when nothing changed. */
  readonly metadata?: StreamMetadata
}

/** Length of metadata is counted in these units. */
const UNIT_BYTES = 16

/** Keys other than `StreamTitle` that open a block; longer than this they are no keys. */
const MAX_KEY_CHARACTERS = 40

/**
 * Separates ICY metadata from audio. A block that is no metadata shows that the announcement lied: from its length byte on
 * everything is audio.
 */
export class IcyDemuxer {
  readonly #intervalBytes: number
  #audioLeft: number
  /** Length byte and block read so far. */
  #block: number[] = []
  #pending: StreamMetadata | undefined
  /** An empty title at the start tells nothing. */
  #last = JSON.stringify({ title: '' })
  #lied = false

  /** @param intervalBytes - value of `icy-metaint`: audio bytes between two blocks */
  constructor(intervalBytes: number) {
    this.#intervalBytes = intervalBytes
    this.#audioLeft = intervalBytes
  }

  /** Whether the announcement turned out to be a lie. */
  get lied(): boolean {
    return this.#lied
  }

  /** Takes body bytes cut anywhere; gives the audio in them, cut where metadata changes. */
  push(bytes: Uint8Array): IcyPiece[] {
    const pieces: IcyPiece[] = []
    let at = 0
    while (at < bytes.length) {
      if (this.#lied || this.#audioLeft > 0) {
        const audio = this.#lied ? bytes.subarray(at) : bytes.subarray(at, at + this.#audioLeft)
        pieces.push(this.#pending ? { bytes: audio, metadata: this.#pending } : { bytes: audio })
        this.#pending = undefined
        this.#audioLeft -= audio.length
        at += audio.length
      } else {
        const raw = this.#takeBlockByte(bytes[at++])
        if (raw) pieces.push({ bytes: raw })
      }
    }
    return pieces
  }

  /** Gives the bytes back when they turn out to be no metadata. */
  #takeBlockByte(byte: number): Uint8Array | undefined {
    this.#block.push(byte)
    const lengthBytes = UNIT_BYTES * this.#block[0]
    const done = this.#block.length === 1 + lengthBytes
    // Looking at the first bytes is enough until the block is complete.
    if (this.#block.length <= MAX_KEY_CHARACTERS + 2 || done) {
      if (!isPlausible(this.#block, done)) {
        this.#lied = true
        return Uint8Array.from(this.#block)
      }
    }
    if (done) {
      if (lengthBytes > 0) this.#announce(parseIcyMetadata(Uint8Array.from(this.#block.slice(1))))
      this.#block = []
      this.#audioLeft = this.#intervalBytes
    }
    return undefined
  }

  /** Stations repeat their block again and again: only changes are told. */
  #announce(metadata: StreamMetadata | undefined): void {
    const key = JSON.stringify(metadata)
    if (!metadata || key === this.#last) return
    this.#last = key
    this.#pending = metadata
  }
}

/** Whether the bytes behind the length byte may be metadata: `Stream...`, or another `key='...` of text alone. */
function isPlausible(block: readonly number[], done: boolean): boolean {
  const text = String.fromCharCode(...block.slice(1, 1 + MAX_KEY_CHARACTERS))
  const opening = text.slice(0, 6).toLowerCase()
  if ('stream'.startsWith(opening)) return !done || text === '' || opening === 'stream'
  if (!/^[a-z_][\w-]*(=|$)/i.test(text)) return false
  return !done || (/^[\w-]{3,}='/.test(text) && block.slice(1).every((byte) => byte === 0 || byte >= 0x20))
}

/**
 * What a metadata block says; `undefined` when it holds neither title nor address. Titles hold quotes and semicolons as they
 * like: a value ends at a `';` that the end of the block or another `key='` follows.
 */
export function parseIcyMetadata(block: Uint8Array): StreamMetadata | undefined {
  const text = decodeText(withoutPadding(block))
  const title = fieldOf(text, 'StreamTitle')
  const url = fieldOf(text, 'StreamUrl')
  if (title === undefined && url === undefined) return undefined
  return { ...(title === undefined ? {} : { title }), ...(url ? { url } : {}) }
}

function withoutPadding(block: Uint8Array): Uint8Array {
  let end = block.length
  while (end > 0 && block[end - 1] === 0) end--
  return block.subarray(0, end)
}

function fieldOf(text: string, key: string): string | undefined {
  const found = new RegExp(`(?:^|;)\\s*${key}=`, 'i').exec(text)
  if (!found) return undefined
  const rest = text.slice(found.index + found[0].length)
  if (!rest.startsWith("'")) return rest.split(';', 1)[0].trim()
  const end = /';(?=\s*(?:[A-Za-z_][\w-]*='|$))/.exec(rest.slice(1))
  // A block that was cut off has no end mark.
  return (end ? rest.slice(1, 1 + end.index) : rest.slice(1).replace(/';?$/, '')).trim()
}
