import { instantiateWasm, type WasmExports } from '../../bytes/instantiate-wasm.js'
import { loudnessWasm } from '../../wasm/loudness.js'
import { MOST_CHANNELS, type MeasuredFormat } from '../levels/kernel.js'
import { TRUE_PEAK_TAPS, type TruePeakFilter } from './true-peak-filter.js'

type Unpack = (at: number, stride: number, frames: number, to: number) => void

interface Exports extends WasmExports {
  readonly unpackU8: Unpack
  readonly unpackS16: Unpack
  readonly unpackS24: Unpack
  readonly unpackS32: Unpack
  readonly unpackF32: Unpack
  readonly unpackF64: Unpack
  weigh(first: number, second: number, frames: number, coefficients: number, state: number): void
  peak(plane: number, frames: number): number
  truePeak(
    plane: number,
    frames: number,
    filters: number,
    taps: number,
    phases: number,
    gain: number,
    known: number,
  ): number
}

/** Samples of a channel that one call works on. */
export const BLOCK_FRAMES = 2048
/** Samples of a plane before those of the call. */
export const HISTORY_FRAMES = TRUE_PEAK_TAPS - 1
/** Numbers of a filter state of two channels: four values of each, and the sums of squares. */
export const PAIR_NUMBERS = 10

const COEFFICIENTS = 1024
const STATE = COEFFICIENTS + 128
const FILTERS = STATE + 128
const RAW = 2048
const RAW_BYTES = BLOCK_FRAMES * MOST_CHANNELS * 8
const PLANES = RAW + RAW_BYTES
/** History rounded up, and room to read beyond the end. */
const PLANE_FLOATS = 16 + BLOCK_FRAMES + 32
const MEMORY_BYTES = PLANES + MOST_CHANNELS * PLANE_FLOATS * 4
const PAGE_BYTES = 65_536

/** How samples come. */
interface UnpackFormat {
  /** Bytes of one sample of one channel. */
  readonly bytes: number
  /** Its part of the kernel. */
  readonly unpack: `unpack${'U8' | 'S16' | 'S24' | 'S32' | 'F32' | 'F64'}`
}

/** By format. */
export const UNPACK_FORMATS: Readonly<Record<MeasuredFormat, UnpackFormat>> = {
  u8: { bytes: 1, unpack: 'unpackU8' },
  s16: { bytes: 2, unpack: 'unpackS16' },
  s24: { bytes: 3, unpack: 'unpackS24' },
  s32: { bytes: 4, unpack: 'unpackS32' },
  f32: { bytes: 4, unpack: 'unpackF32' },
  f64: { bytes: 8, unpack: 'unpackF64' },
}

/** The sample loops, and the memory that they work on. Nothing stays in it between two calls of a meter: all meters share it. */
export class LoudnessKernel {
  readonly #exports = instantiateWasm<Exports>(loudnessWasm)
  readonly #bytes: Uint8Array
  readonly #floats: Float32Array
  readonly #doubles: Float64Array

  constructor() {
    const { memory } = this.#exports
    memory.grow(Math.max(0, Math.ceil(MEMORY_BYTES / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES))
    this.#bytes = new Uint8Array(memory.buffer)
    this.#floats = new Float32Array(memory.buffer)
    this.#doubles = new Float64Array(memory.buffer)
  }

  /** The plane of a channel: {@link HISTORY_FRAMES} earlier samples, then those of the call. Good until the next call. */
  plane(channel: number): Float32Array {
    const from = planeAt(channel) / 4 - HISTORY_FRAMES
    return this.#floats.subarray(from, from + HISTORY_FRAMES + BLOCK_FRAMES)
  }

  /** Interleaved PCM, at most {@link BLOCK_FRAMES} frames, into the planes. */
  unpack(bytes: Uint8Array, { bytes: step, unpack }: UnpackFormat, channels: number): void {
    this.#bytes.set(bytes, RAW)
    const stride = step * channels
    for (let channel = 0; channel < channels; channel++) {
      this.#exports[unpack](RAW + channel * step, stride, bytes.length / stride, planeAt(channel))
    }
  }

  /** Floats of one channel; what is no number is silence. */
  loadPlane(channel: number, plane: Float32Array): void {
    this.#bytes.set(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength), RAW)
    this.#exports.unpackF32(RAW, 4, plane.length, planeAt(channel))
  }

  /** Integers of one channel, full scale 2 ** (bitsPerSample - 1). */
  unpackPlane(channel: number, plane: Int32Array, bitsPerSample: number): void {
    const to = this.plane(channel)
    const scale = 2 ** (1 - bitsPerSample)
    for (let index = 0; index < plane.length; index++) to[HISTORY_FRAMES + index] = plane[index] * scale
  }

  /** K-weights samples of two channels, from the `from`-th of the call on; `state` goes on, with the sums of the squares at its end. */
  weigh(
    pair: readonly [number, number],
    from: number,
    frames: number,
    coefficients: Float64Array,
    state: Float64Array,
  ): void {
    this.#doubles.set(coefficients, COEFFICIENTS / 8)
    this.#doubles.set(state, STATE / 8)
    this.#exports.weigh(planeAt(pair[0]) + from * 4, planeAt(pair[1]) + from * 4, frames, COEFFICIENTS, STATE)
    state.set(this.#doubles.subarray(STATE / 8, STATE / 8 + PAIR_NUMBERS))
  }

  /** Largest magnitude of the samples of the call. */
  peak(channel: number, frames: number): number {
    return this.#exports.peak(planeAt(channel), frames)
  }

  /** Largest magnitude between the samples; `known` when there is no larger one. */
  truePeak(channel: number, frames: number, { taps, phases, gain }: TruePeakFilter, known: number): number {
    this.#floats.set(taps, FILTERS / 4)
    return this.#exports.truePeak(planeAt(channel), frames, FILTERS, TRUE_PEAK_TAPS, phases, gain, known)
  }
}

function planeAt(channel: number): number {
  return PLANES + (channel * PLANE_FLOATS + 16) * 4
}

let shared: LoudnessKernel | undefined

/** The one that all meters of this thread share: calls never overlap. */
export function loudnessKernel(): LoudnessKernel {
  return (shared ??= new LoudnessKernel())
}
