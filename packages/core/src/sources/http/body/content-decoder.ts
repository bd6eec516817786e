import { constants, createGunzip, createInflate, createInflateRaw, inflateRawSync } from 'node:zlib'
import type { Gunzip, ZlibOptions } from 'node:zlib'

import { concatBytes } from '../../../bytes/concat.js'

const EMPTY = new Uint8Array(0)

/** Bytes that are unpacked at once: they become at most 1032 times as many. */
const SLICE_BYTES = 4096

/** So much of anything but raw deflate does not unpack without an error. */
const RAW_DEFLATE_PROBE_BYTES = 512

/** What is ready comes out at once; the room takes whatever one slice can become, so that the engine never waits for us. */
const ENGINE_OPTIONS: ZlibOptions & { readonly highWaterMark: number } = {
  flush: constants.Z_SYNC_FLUSH,
  finishFlush: constants.Z_SYNC_FLUSH,
  highWaterMark: 2 * 1032 * SLICE_BYTES,
}

/**
 * Unpacks a body that a server or proxy packed although we asked for `identity`. When the announcement lies, the bytes are given
 * as they are.
 * @source RFC 1952 §2.3, RFC 1950 §2.2
 */
export class ContentDecoder {
  readonly #coding: string
  #held: Uint8Array = EMPTY
  #engine: Gunzip | undefined
  #raw = false
  #broken = false
  #dropped = false

  /** @param coding - `gzip` or `deflate` */
  constructor(coding: string) {
    this.#coding = coding
  }

  /** Whether the packed data is damaged: nothing more comes out. */
  get broken(): boolean {
    return this.#broken
  }

  /** Whether the body was not packed at all. */
  get lied(): boolean {
    return this.#raw
  }

  /** Takes packed bytes; gives what they unpack to so far. Never rejects: look at `broken`. */
  async push(bytes: Uint8Array): Promise<Uint8Array> {
    if (this.#raw) return bytes
    if (this.#engine) return this.#unpack(bytes)
    const head = this.#held.length > 0 ? concatBytes([this.#held, bytes]) : bytes
    this.#held = EMPTY
    if (head.length < this.#needBytes(head)) {
      this.#held = head
      return EMPTY
    }
    this.#engine = this.#createEngine(head)
    if (this.#engine) return this.#unpack(head)
    this.#raw = true
    return head
  }

  /** What is still held when the body ends: too little to know its coding. */
  flush(): Uint8Array {
    const held = this.#held
    this.#held = EMPTY
    return held
  }

  /** Frees the engine. Idempotent. */
  close(): void {
    this.#dropped = true
    this.#engine?.destroy()
  }

  #needBytes(head: Uint8Array): number {
    return this.#coding === 'gzip' || head.length < 2 || isZlib(head) ? 2 : RAW_DEFLATE_PROBE_BYTES
  }

  /** `undefined` when the bytes are not packed as announced. */
  #createEngine(head: Uint8Array): Gunzip | undefined {
    let engine: Gunzip | undefined
    if (this.#coding === 'gzip')
      engine = head[0] === 0x1f && head[1] === 0x8b ? createGunzip(ENGINE_OPTIONS) : undefined
    else if (isZlib(head)) engine = createInflate(ENGINE_OPTIONS)
    else if (isRawDeflate(head)) engine = createInflateRaw(ENGINE_OPTIONS)
    engine?.on('error', () => (this.#broken = true))
    engine?.on('end', () => (this.#broken = true))
    return engine
  }

  async #unpack(bytes: Uint8Array): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let at = 0; at < bytes.length && !this.#broken && !this.#dropped; at += SLICE_BYTES) {
      await this.#write(bytes.subarray(at, at + SLICE_BYTES))
      const part = this.#engine!.read() as Buffer | null
      if (part) parts.push(new Uint8Array(part.buffer, part.byteOffset, part.length))
    }
    return concatBytes(parts)
  }

  /** A write that fails never calls back: the engine closes instead. */
  #write(slice: Uint8Array): Promise<void> {
    const engine = this.#engine!
    return new Promise((resolve) => {
      engine.once('close', resolve)
      engine.write(slice, () => {
        engine.off('close', resolve)
        resolve()
      })
    })
  }
}

function isZlib(head: Uint8Array): boolean {
  return (head[0] & 0x0f) === 8 && (head[0] * 256 + head[1]) % 31 === 0
}

/** Some servers send deflate without its wrapper, which has no mark: it is tried. */
function isRawDeflate(head: Uint8Array): boolean {
  try {
    return inflateRawSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).length > 0
  } catch {
    return false
  }
}
