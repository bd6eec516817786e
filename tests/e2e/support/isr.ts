import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Background } from '../rig/background.js'
import { startBackground } from '../rig/background.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const cli = `${root}packages/cli/dist/isr.js`
let built = false

/** Starts the built command line as a user does. Builds it first when its sources are newer. */
export function startIsr(args: readonly string[], options: { readonly cwd?: string } = {}): Promise<Background> {
  build()
  return startBackground(process.execPath, [cli, ...args], options)
}

function build(): void {
  if (built) return
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`)
  built = true
}
