import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Background } from '../rig/background.js'
import { startBackground } from '../rig/background.js'

/** The project's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))
const cli = `${root}packages/cli/dist/isr.js`
let built = false

/** How the command line is started. */
export interface IsrOptions {
  readonly cwd?: string
  /** Environment variables beside those of the test. */
  readonly env?: NodeJS.ProcessEnv
  /** File that gets standard output; `output()` then holds standard error alone. */
  readonly stdoutTo?: string
}

/** Starts the built command line as a user does. Builds it first when its sources are newer. */
export function startIsr(args: readonly string[], options: IsrOptions = {}): Promise<Background> {
  build()
  const { stdoutTo, env, cwd } = options
  const command = [process.execPath, cli, ...args]
  const surroundings = { ...(cwd !== undefined && { cwd }), ...(env && { env: { ...process.env, ...env } }) }
  if (stdoutTo === undefined) return startBackground(command[0], command.slice(1), surroundings)
  // exec: signals reach the program itself
  return startBackground('sh', ['-c', 'out=$1; shift; exec "$@" >"$out"', 'sh', stdoutTo, ...command], surroundings)
}

/** Builds what is out of date, once for a test file. */
export function build(): void {
  if (built) return
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`)
  built = true
}
