/** Memory of a module, in pages of 64 KiB. */
interface WasmMemory {
  /** Another object after the memory has grown: views into the one before are empty then. */
  readonly buffer: ArrayBuffer
  /** Adds pages; returns how many there were. */
  grow(pages: number): number
}

/** What every module of ours exports: kernels that work on this memory. */
export interface WasmExports {
  /** Grows on demand. */
  readonly memory: WasmMemory
}

type WasmModule = object

/** The types of Node leave it out, those of browsers would bring the whole browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown }
}

const modules = new Map<string, WasmModule>()

/**
 * A fresh instance of a module of ours, with a memory of its own. Compiled once for each process.
 * @param base64 - the text that `npm run wasm` has made
 */
export function instantiateWasm<Exports extends WasmExports>(base64: string): Exports {
  const known = modules.get(base64) ?? new WebAssembly.Module(Buffer.from(base64, 'base64'))
  modules.set(base64, known)
  return new WebAssembly.Instance(known, {}).exports as Exports
}
