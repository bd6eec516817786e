import type { ByteQuest } from '../formats/file-layout.js'
import { bitrateIndex, parseFrameHeader } from '../formats/mpeg/frame-header.js'
import { mp3Sync } from '../formats/mpeg/framer.js'
import { SeekIndex } from '../formats/mpeg/exact/seek-index.js'
import { readTail } from './live-quests.js'
import { frameBytes, SYNC_TAIL_BYTES, tailFrames } from './sync-tail.js'

/** The first bytes are always walked; a rate that is constant there may be so everywhere. */
const FIRST_BYTES = 1 << 16
const CHUNK_BYTES = 1 << 20
/** Frames that must follow each other, all of the one rate, where arithmetic says that one begins. */
const PROOF_FRAMES = 8
/** Where arithmetic is put to the proof, in parts of the whole. */
const PROOFS = [1 / 3, 2 / 3, 1]

/** Where the frames of a file are. */
export interface Mp3ExtentFacts {
  /** Frames behind the Info frame. */
  readonly frames: number
  /** Where the last whole one ends. */
  readonly endByte: number
  /** Whether they differ in rate, the hidden ones aside. */
  readonly vbr: boolean
  /** @see InfoExtent */
  readonly toc: Uint8Array
  /** Rate of the first that is not hidden, in bits per second; undefined while there is none. */
  readonly bitrateBps?: number
}

/** Where a file's frames begin. */
export interface Mp3ExtentStart {
  /** Where the Info frame stands. */
  readonly firstByte: number
  /** Where the frame behind it begins. */
  readonly framesStart: number
  /** Hidden frames, which may have a rate of their own. */
  readonly hiddenFrames: number
  /** Version, rate and channels of the frames. */
  readonly identity: number
}

/** Counts the frames of a growing file; remembers those it has walked. */
export class Mp3Extent {
  readonly #start: Mp3ExtentStart
  readonly #index: SeekIndex
  #bitrateIndex = 0
  #vbr = false
  /** Header of the first frame that is not hidden. */
  #header: Uint8Array = new Uint8Array(0)

  constructor(start: Mp3ExtentStart) {
    this.#start = start
    this.#index = new SeekIndex(start.framesStart - start.firstByte)
  }

  /** The whole frames before `sizeBytes`. */
  *measure(sizeBytes: number): ByteQuest<Mp3ExtentFacts> {
    if (sizeBytes < this.#walkedByte) return yield* new Mp3Extent(this.#start).measure(sizeBytes)
    if (this.#index.frames === 0) yield* this.#walk(Math.min(sizeBytes, this.#walkedByte + FIRST_BYTES))
    const byArithmetic = yield* this.#calculate(sizeBytes)
    if (byArithmetic) return byArithmetic
    if (yield* this.#walk(sizeBytes)) return { ...this.#facts, toc: this.#index.toc() }
    return yield* this.#estimate(sizeBytes)
  }

  get #walkedByte(): number {
    return this.#start.firstByte + this.#index.bytes
  }

  get #facts() {
    return { ...this.#rate, frames: this.#index.frames, endByte: this.#walkedByte }
  }

  get #rate(): Pick<Mp3ExtentFacts, 'vbr' | 'bitrateBps'> {
    const bitrateBps = parseFrameHeader(this.#header)?.bitrateBps
    return { vbr: this.#vbr, ...(bitrateBps !== undefined && { bitrateBps }) }
  }

  /** Walks from header to header. @returns false when the bytes are not to be had */
  *#walk(sizeBytes: number): ByteQuest<boolean> {
    for (;;) {
      const startByte = this.#walkedByte
      const wanted = Math.min(sizeBytes, startByte + CHUNK_BYTES)
      const bytes = yield { startByte, endByte: wanted }
      if (bytes.length === 0) return wanted === startByte
      this.#walkThrough(bytes)
      if (this.#walkedByte === startByte || wanted === sizeBytes) return startByte + bytes.length === wanted
    }
  }

  #walkThrough(bytes: Uint8Array): void {
    for (let at = 0; ;) {
      const length = frameBytes(mp3Sync, bytes, at, this.#start.identity)
      if (length === 0 || at + length > bytes.length) return
      if (this.#index.frames === this.#start.hiddenFrames) {
        this.#bitrateIndex = bitrateIndex(bytes, at)
        this.#header = bytes.slice(at, at + mp3Sync.headerBytes)
      }
      if (this.#index.frames >= this.#start.hiddenFrames) this.#vbr ||= bitrateIndex(bytes, at) !== this.#bitrateIndex
      this.#index.add(length)
      at += length
    }
  }

  /** At a constant rate frames stand where arithmetic puts them; undefined where they do not. */
  *#calculate(sizeBytes: number): ByteQuest<Mp3ExtentFacts | undefined> {
    const like = parseFrameHeader(this.#header)
    if (this.#vbr || !like) return undefined
    const meanBytes = (like.samplesPerFrame * like.bitrateBps) / 8 / like.sampleRateHz
    const most = Math.floor((sizeBytes - this.#walkedByte) / meanBytes) - PROOF_FRAMES - 1
    if (most < PROOF_FRAMES) return undefined
    let end = { frames: 0, byte: 0 }
    for (const part of PROOFS) {
      const before = Math.floor(most * part)
      const startByte = Math.floor(this.#walkedByte + before * meanBytes) - 1
      const endByte = part === 1 ? sizeBytes : startByte + Math.ceil((PROOF_FRAMES + 1) * meanBytes)
      const bytes = yield { startByte, endByte }
      // padding makes a frame begin up to a byte beside the mean
      const chain = [0, 1, 2].map((at) => this.#chain(bytes, at)).find(({ frames }) => frames >= PROOF_FRAMES)
      if (!chain) return undefined
      end = { frames: this.#index.frames + before + chain.frames, byte: startByte + chain.end }
    }
    return this.#linear(end.frames, end.byte)
  }

  /** Frames of the one rate that follow each other from `at`. */
  #chain(bytes: Uint8Array, start: number): { readonly frames: number; readonly end: number } {
    let frames = 0
    let at = start
    for (;;) {
      const length = frameBytes(mp3Sync, bytes, at, this.#start.identity)
      if (length === 0 || at + length > bytes.length) return { frames, end: at }
      if (bitrateIndex(bytes, at) !== this.#bitrateIndex) return { frames: 0, end: at }
      frames++
      at += length
    }
  }

  /** Head and tail alone: what lies between is taken to be like them. */
  *#estimate(sizeBytes: number): ByteQuest<Mp3ExtentFacts> {
    const tail = yield* readTail(this.#walkedByte, sizeBytes, SYNC_TAIL_BYTES)
    const found = tailFrames(mp3Sync, tail, this.#start.identity, this.#walkedByte)
    const [first] = found
    const endByte = found.at(-1)?.end ?? this.#walkedByte
    if (!first) return { ...this.#facts, toc: this.#index.toc() }
    const knownBytes = endByte - first.at + this.#index.bytes
    const meanBytes = knownBytes / (found.length + this.#index.frames)
    const unseen = Math.round((first.at - this.#walkedByte) / meanBytes)
    return { ...this.#linear(this.#index.frames + unseen + found.length, endByte), vbr: true }
  }

  /** Frames that lie evenly. */
  #linear(frames: number, endByte: number): Mp3ExtentFacts {
    const { firstByte, framesStart } = this.#start
    const meanBytes = (endByte - framesStart) / frames
    const toc = Uint8Array.from({ length: 100 }, (_, percent) => {
      const before = framesStart - firstByte + Math.floor((percent * frames) / 100) * meanBytes
      return Math.min(255, Math.floor((before * 256) / (endByte - firstByte)))
    })
    return { ...this.#rate, frames, endByte, toc }
  }
}
