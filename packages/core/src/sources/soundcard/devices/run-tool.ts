import { execFile } from 'node:child_process'
import type { Environment } from '../../process/environment.js'

const TIMEOUT_MS = 3000
const MAX_BYTES = 1 << 20

/** What a program says on its standard output; empty when it is not installed, fails or hangs. Never rejects. */
export function runTool(command: readonly string[], env: Environment): Promise<string> {
  const [program, ...args] = command
  const options = {
    env: { ...env },
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_BYTES,
    encoding: 'utf8',
    killSignal: 'SIGKILL',
  } as const
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout) => resolve(error ? '' : stdout))
  })
}
