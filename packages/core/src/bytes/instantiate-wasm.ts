/** What every module of ours exports: kernels that work on this memory. */
export interface WasmExports {
  /** Grows on demand; views into it are stale after it has grown. */
  readonly memory: WebAssembly.Memory
}

const modules = new Map<string, WebAssembly.Module>()

/**
 * A fresh instance of a module of ours, with a memory of its own. Compiled once for each process.
 * @param base64 - the text that `npm run wasm` has made
 */
export function instantiateWasm<Exports extends WasmExports>(base64: string): Exports {
  const known = modules.get(base64) ?? new WebAssembly.Module(Buffer.from(base64, 'base64'))
  modules.set(base64, known)
  // what a module exports is known from its source alone
  return new WebAssembly.Instance(known, {}).exports as unknown as Exports
}
