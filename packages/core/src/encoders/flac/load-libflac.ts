import { brotliDecompressSync } from 'node:zlib'
import { libFlacWasm } from '../../wasm/libflac.js'
import { LibFlac } from './libflac.js'
import { wasmEngine } from './web-assembly.js'

let shared: LibFlac | undefined

/** libFLAC, made ready when it is first asked for (some milliseconds), then the same for the whole process. */
export function loadLibFlac(): LibFlac {
  return (shared ??= new LibFlac(new wasmEngine.Module(brotliDecompressSync(Buffer.from(libFlacWasm, 'base64')))))
}

/** Lets the next encoder have a fresh one: this one's memory is not to be trusted any more. */
export function forgetLibFlac(broken: LibFlac): void {
  if (shared === broken) shared = undefined
}
