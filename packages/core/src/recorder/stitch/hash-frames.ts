import { instantiateWasm, type WasmExports } from '../../bytes/instantiate-wasm.js'
import { frameHashWasm } from '../../wasm/frame-hash.js'

/** What wasm/frame-hash.ts exports. */
interface FrameHashExports extends WasmExports {
  reserve(frames: number, bytes: number): number
  hashFrames(frames: number, seed: number): void
}

const INTS_PER_FRAME = 2
const INT_BYTES = 4

const wasm = instantiateWasm<FrameHashExports>(frameHashWasm)
let ints = new Int32Array(wasm.memory.buffer)
let memory = new Uint8Array(wasm.memory.buffer)

/**
 * 64 bits over every byte of each of many frames, in sixteen lanes of 32 bits. Each step can be undone, so two texts of one length that
 * differ in a single word never have the same sum. Takes 1 ns for ten bytes; no protection against somebody who looks for collisions on
 * purpose.
 *
 * @param bytes - what the frames are in
 * @param ranges - for each frame where it begins and ends
 * @param frames - how many
 * @param seed - equal frames under another seed have another sum
 * @returns two numbers for each frame, until the next call
 */
export function hashFrames(bytes: Uint8Array, ranges: Int32Array, frames: number, seed: number): Int32Array {
  const at = wasm.reserve(frames, bytes.length)
  if (memory.buffer !== wasm.memory.buffer) {
    ints = new Int32Array(wasm.memory.buffer)
    memory = new Uint8Array(wasm.memory.buffer)
  }
  const first = at / INT_BYTES
  const count = frames * INTS_PER_FRAME
  ints.set(ranges.length === count ? ranges : ranges.subarray(0, count), first)
  memory.set(bytes, at + count * INT_BYTES)
  wasm.hashFrames(frames, seed)
  return ints.subarray(first, first + count)
}
