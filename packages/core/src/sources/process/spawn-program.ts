import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { inheritedEnvironment, type Environment } from './environment.js'

/** A running program whose outputs are read. */
export type Program = ChildProcessByStdio<null, Readable, Readable>

/** Where and with what a program runs. */
export interface SpawnOptions {
  /** Working directory. @defaultValue our own */
  readonly cwd?: string
  /** Environment, its PATH finds the program. @defaultValue our own without the secrets in it */
  readonly env?: Environment
}

/**
 * Starts a program in a process group of its own: no shell, no quoting.
 * @throws Node's own error. Its message repeats every argument, which may hold a secret: tell its `code` only
 */
export function spawnProgram(
  command: readonly string[],
  { cwd, env = inheritedEnvironment() }: SpawnOptions = {},
): Promise<Program> {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    child.once('error', reject)
    // Resolving now keeps every event of the child: none comes before the promise's own turn.
    child.once('spawn', () => {
      child.off('error', reject)
      child.on('error', () => {})
      resolve(child)
    })
  })
}
