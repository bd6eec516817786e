import { instantiateWasm, type WasmExports } from '../../../bytes/instantiate-wasm.js'
import { flacScanWasm } from '../../../wasm/flac-scan.js'
import { MAX_FRAME_HEADER_BYTES, parseFlacFrameHeader, type FlacFrameHeader } from '../frame-header.js'
import { FLAC_HEAD_BYTES, parseFlacBlocks, parseFlacMagic, type FlacStreamHead } from '../blocks/metadata-block.js'

/** Metadata beyond this is not waited for: a length may be damaged. */
const MAX_METADATA_BYTES = 1 << 20
/** First byte of a frame; a stream begins with another. */
const FRAME_SYNC = 0xff

/** Something that looks like the start of a frame or of a stream. */
export interface SyncPoint {
  /** Where, as an index into the bytes scanned. */
  readonly at: number
  /** Present where a frame may start. */
  readonly frame?: FlacFrameHeader
  /** Present where a stream may start. */
  readonly head?: FlacStreamHead
}

/** What wasm/flac-scan.ts exports; what each does is said there. */
interface ScanExports extends WasmExports {
  reserve(bytes: number): number
  next(from: number, end: number): number
  crc16(from: number, to: number, crc: number): number
}

const wasm = instantiateWasm<ScanExports>(flacScanWasm)
let memory = new Uint8Array(wasm.memory.buffer)
/** What is in that memory. */
let loaded: Uint8Array | undefined

/** Looks for sync points in bytes, from some place on. */
export class SyncScan {
  readonly #bytes: Uint8Array
  /** What is looked at, and where it begins. */
  readonly #part: Uint8Array
  readonly #start: number

  /**
   * @param bytes - not changed while this is in use
   * @param start - nothing before this is asked for
   */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes
    this.#start = Math.min(start, bytes.length)
    this.#part = bytes.subarray(this.#start)
  }

  /**
   * The next sync point from `from` on. Without one: how far the bytes are searched; search on from there when more have come.
   * What is found does not depend on how many bytes follow, unless `final` says that none will.
   */
  next(from: number, final: boolean): SyncPoint | number {
    const bytes = this.#bytes
    const end = Math.max(from, final ? bytes.length : bytes.length - MAX_FRAME_HEADER_BYTES + 1)
    for (let at = from; ; at++) {
      this.#load()
      at = this.#start + wasm.next(at - this.#start, end - this.#start)
      if (at >= end) return end
      if (bytes[at] === FRAME_SYNC) {
        const frame = parseFlacFrameHeader(bytes, at)
        if (frame) return { at, frame }
        continue
      }
      if (!final && bytes.length - at < FLAC_HEAD_BYTES) return at
      const head = parseFlacMagic(bytes, at)
      const whole = head && wholeHead(bytes, at, head, final)
      if (whole === 'more') return at
      if (whole) return { at, head: whole }
    }
  }

  /** CRC-16 of a part of the bytes, on from `crc`. */
  crc16(from: number, to: number, crc: number): number {
    this.#load()
    return wasm.crc16(from - this.#start, to - this.#start, crc)
  }

  /** All share one memory; they take turns. */
  #load(): void {
    if (loaded === this.#part) return
    const at = wasm.reserve(this.#part.length)
    if (memory.buffer !== wasm.memory.buffer) memory = new Uint8Array(wasm.memory.buffer)
    memory.set(this.#part, at)
    loaded = this.#part
  }
}

/** All metadata when it ends where a frame starts, else STREAMINFO alone: the frames are searched for in the rest. */
function wholeHead(bytes: Uint8Array, at: number, head: FlacStreamHead, final: boolean): FlacStreamHead | 'more' {
  const within = bytes.subarray(0, Math.min(bytes.length, at + MAX_METADATA_BYTES))
  const waiting = !final && within.length === bytes.length
  const whole = parseFlacBlocks(within, at, head)
  if (whole === 'more') return waiting ? 'more' : head
  const end = at + whole.sizeBytes
  if (parseFlacFrameHeader(bytes, end) || (final && end === bytes.length)) return whole
  return !final && bytes.length - end < MAX_FRAME_HEADER_BYTES ? 'more' : head
}
