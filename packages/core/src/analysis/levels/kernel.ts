import { instantiateWasm, type WasmExports } from '../../bytes/instantiate-wasm.js'
import type { SampleFormat } from '../../model.js'
import { levelsWasm } from '../../wasm/levels.js'

/** How samples that are measured are laid out: all that is recorded, and what files may hold beside (8-bit WAV is unsigned). */
export type MeasuredFormat = SampleFormat | 'u8' | 'f64'

/** Most channels that are measured. */
export const MOST_CHANNELS = 8

type Measure = (at: number, frames: number, channels: number) => void

interface LevelsExports extends WasmExports {
  readonly measureU8: Measure
  readonly measureS16: Measure
  readonly measureS24: Measure
  readonly measureS32: Measure
  readonly measureF32: Measure
  readonly measureF64: Measure
}

/** A {@link MeasuredFormat} and its part of the kernel. */
export interface FormatKernel {
  /** Bytes of one sample of one channel. */
  readonly bytes: number
  /** Full scale, as the kernel counts. */
  readonly fullScale: number
  /** Measures so many frames from `at` on; the answer stands in `squares` and `peaks`. */
  readonly measure: Measure
}

/** The kernel of levels. All meters of a process share one: a call is synchronous, and WebAssembly memories are dear in addresses. */
export interface LevelsKernel {
  /** Where samples go. Whoever fills it measures it at once. */
  readonly input: Uint8Array
  /** Offset of `input` in the memory, in bytes. */
  readonly inputAt: number
  /** By format. */
  readonly formats: Readonly<Record<MeasuredFormat, FormatKernel>>
  /** Sums of squares of the last call, by channel. */
  readonly squares: Float64Array
  /** Largest magnitudes of the last call, by channel. */
  readonly peaks: Float64Array
}

const INPUT_AT = 1024
/** Measured here: smaller pieces cost calls, larger ones the cache. */
const INPUT_BYTES = 256 * 1024
const PAGE_BYTES = 64 * 1024

let shared: LevelsKernel | undefined

/** The kernel of this process. */
export function levelsKernel(): LevelsKernel {
  return (shared ??= createKernel())
}

function createKernel(): LevelsKernel {
  const kernel = instantiateWasm<LevelsExports>(levelsWasm)
  const { memory } = kernel
  // the kernel reads a little beyond its input
  memory.grow(Math.ceil((INPUT_AT + INPUT_BYTES + 16) / PAGE_BYTES))
  return {
    input: new Uint8Array(memory.buffer, INPUT_AT, INPUT_BYTES),
    inputAt: INPUT_AT,
    squares: new Float64Array(memory.buffer, 0, MOST_CHANNELS),
    peaks: new Float64Array(memory.buffer, 64, MOST_CHANNELS),
    formats: {
      u8: { bytes: 1, fullScale: 2 ** 7, measure: kernel.measureU8 },
      s16: { bytes: 2, fullScale: 2 ** 15, measure: kernel.measureS16 },
      s24: { bytes: 3, fullScale: 2 ** 31, measure: kernel.measureS24 },
      s32: { bytes: 4, fullScale: 2 ** 31, measure: kernel.measureS32 },
      f32: { bytes: 4, fullScale: 1, measure: kernel.measureF32 },
      f64: { bytes: 8, fullScale: 1, measure: kernel.measureF64 },
    },
  }
}
