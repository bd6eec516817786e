import { wasmEngine, type WasmMemory, type WasmModule } from './web-assembly.js'

const PAGE_BYTES = 65_536
/** What the JavaScript around the binary gives it at the start: 16 MiB, of which 5 are the stack. */
const INITIAL_PAGES = 256
const MAX_PAGES = 32_768
const TABLE_PLACES = 22
/** The word that says where the heap ends stands behind the data, at a multiple of this. */
const HEAP_END_ALIGN = 16

/**
 * What of libFLAC is used. An encoder is a pointer; all but `new` and `init_stream` give 1 when all is well.
 * @source FLAC/stream_encoder.h
 */
export interface LibFlacFunctions {
  malloc(bytes: number): number
  free(pointer: number): void
  FLAC__stream_encoder_new(): number
  FLAC__stream_encoder_delete(encoder: number): void
  FLAC__stream_encoder_set_compression_level(encoder: number, level: number): number
  FLAC__stream_encoder_set_channels(encoder: number, channels: number): number
  FLAC__stream_encoder_set_bits_per_sample(encoder: number, bits: number): number
  FLAC__stream_encoder_set_sample_rate(encoder: number, rateHz: number): number
  FLAC__stream_encoder_set_blocksize(encoder: number, samples: number): number
  /** 0 when all is well. Of the callbacks only `write` is not 0; the last is handed to it. */
  FLAC__stream_encoder_init_stream(
    encoder: number,
    write: number,
    seek: number,
    tell: number,
    metadata: number,
    clientData: number,
  ): number
  FLAC__stream_encoder_process_interleaved(encoder: number, samples: number, count: number): number
  FLAC__stream_encoder_finish(encoder: number): number
  FLAC__stream_encoder_get_state(encoder: number): number
}

interface LibFlacExports extends LibFlacFunctions {
  __wasm_call_ctors(): void
  stackSave(): number
  readonly __data_end: { readonly value: number }
}

/**
 * libFLAC in one memory, for any number of encoders. The binary of libflacjs is instantiated without the JavaScript around it,
 * which fetches it by its path, and would set an environment variable that every child process inherits.
 */
export class LibFlac {
  /** Its functions. */
  readonly functions: LibFlacFunctions
  /** The write callback of every encoder, as libFLAC calls it. */
  readonly writeCallback: number
  readonly #memory: WasmMemory
  #written: Uint8Array[] = []

  /** @param module - `libflac.wasm.wasm` of libflacjs 5.6 */
  constructor(module: WasmModule) {
    const memory = new wasmEngine.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES })
    const table = new wasmEngine.Table({ initial: TABLE_PLACES, element: 'anyfunc' })
    this.#memory = memory
    const environment = {
      memory,
      table,
      round: (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5),
      emscripten_memcpy_big: (to: number, from: number, bytes: number) => {
        // gives nothing: what it gave would be made a number of, 16 MiB of text first
        new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes)
      },
      emscripten_resize_heap: (bytes: number) => this.#grow(bytes),
      setTempRet0: () => undefined,
    }
    const noFiles = { fd_close: failed, fd_read: failed, fd_write: failed, fd_seek: failed }
    const exports = new wasmEngine.Instance(module, { env: environment, wasi_snapshot_preview1: noFiles })
      .exports as LibFlacExports
    // The stack grows down from where the heap begins.
    const heapEnd = Math.ceil(exports.__data_end.value / HEAP_END_ALIGN) * HEAP_END_ALIGN
    new DataView(memory.buffer).setUint32(heapEnd, exports.stackSave(), true)
    exports.__wasm_call_ctors()
    this.functions = exports
    this.writeCallback = table.grow(1)
    table.set(
      this.writeCallback,
      callable((_encoder, at, bytes, samples) => this.#write(at, bytes, samples)),
    )
  }

  /**
   * Calls libFLAC.
   * @returns what it gave, and the frames that an encoder wrote meanwhile
   */
  collect(call: () => number): { readonly result: number; readonly frames: readonly Uint8Array[] } {
    this.#written = []
    const result = call()
    const frames = this.#written
    this.#written = []
    return { result, frames }
  }

  /** The words at `pointer`; good until the next call. */
  words(pointer: number, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, pointer, count)
  }

  /** A write of no samples is the head of the stream: files get one of their own. */
  #write(at: number, bytes: number, samples: number): number {
    if (samples > 0) this.#written.push(new Uint8Array(this.#memory.buffer, at, bytes).slice())
    return 0
  }

  #grow(bytes: number): number {
    try {
      this.#memory.grow(Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE_BYTES))
      return 1
    } catch {
      return 0
    }
  }
}

type WriteCallback = (encoder: number, at: number, bytes: number, samples: number) => number

/** A function that a table takes: a module that imports it and exports it again, of six numbers and for one. */
function callable(write: WriteCallback): unknown {
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const i32 = 0x7f
  const type = [1, 11, 1, 0x60, 6, i32, i32, i32, i32, i32, i32, 1, i32]
  const [e, f] = [0x65, 0x66]
  const imported = [2, 7, 1, 1, e, 1, f, 0, 0]
  const exported = [7, 5, 1, 1, f, 0, 0]
  const module = new wasmEngine.Module(Uint8Array.from([...head, ...type, ...imported, ...exported]))
  const { exports } = new wasmEngine.Instance(module, { e: { f: write } })
  return (exports as { readonly f: unknown }).f
}

function failed(): number {
  return -1
}
