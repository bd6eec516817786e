import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { IsrError, toIsrError } from '../../errors.js'
import { LibFlac } from './libflac.js'
import { wasmEngine } from './web-assembly.js'

let shared: LibFlac | undefined

/**
 * libFLAC, loaded when it is first asked for, then the same for the whole process.
 * @throws {@link IsrError} `ISR_ENCODER_MISSING`
 */
export function loadLibFlac(): LibFlac {
  return (shared ??= load())
}

/** Lets the next encoder have a fresh one: this one's memory is not to be trusted any more. */
export function forgetLibFlac(broken: LibFlac): void {
  if (shared === broken) shared = undefined
}

function load(): LibFlac {
  try {
    const require = createRequire(import.meta.url)
    return new LibFlac(new wasmEngine.Module(readFileSync(require.resolve('libflacjs/dist/libflac.wasm.wasm'))))
  } catch (error) {
    const why = toIsrError(error, 'ISR_ENCODER_MISSING').message.split('\n', 1)[0]
    throw new IsrError(
      'ISR_ENCODER_MISSING',
      `encoding FLAC needs the package libflacjs, which cannot be loaded (npm install libflacjs mends it): ${why}`,
      { cause: error },
    )
  }
}
