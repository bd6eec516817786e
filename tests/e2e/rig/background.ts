import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll } from 'vitest'

/** A program that runs beside a test. */
export interface Background {
  readonly pid: number
  /** What it said so far, both streams. */
  output(): string
  /** Exit code once it ended (-1 by a signal); undefined while it runs. */
  exitCode(): number | undefined
  /** Resolves with the exit code when it ends. */
  readonly ended: Promise<number>
  /** Sends `signal` and waits for the end; SIGKILL when that takes longer than `patienceMs`. Idempotent. */
  stop(signal?: NodeJS.Signals, patienceMs?: number): Promise<number>
}

const running = new Set<ChildProcess>()
const killAll = () => running.forEach((child) => child.kill('SIGKILL'))
// a test that failed before it could stop its programs leaves none behind
afterAll(killAll)
process.on('exit', killAll)

/** Starts a program without standard input. Dies with the test process at the latest. */
export async function startBackground(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly env?: NodeJS.ProcessEnv
    readonly uid?: number
    readonly gid?: number
  } = {},
): Promise<Background> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => said.push(part))
  child.stderr.on('data', (part: Buffer) => said.push(part))
  let exitCode: number | undefined
  const ended = new Promise<number>((resolve) => {
    child.on('close', (code) => {
      running.delete(child)
      resolve((exitCode = code ?? -1))
    })
  })
  await once(child, 'spawn')
  running.add(child)
  return {
    pid: child.pid!,
    output: () => Buffer.concat(said).toString('utf8'),
    exitCode: () => exitCode,
    ended,
    async stop(signal = 'SIGTERM', patienceMs = 15_000) {
      if (exitCode !== undefined) return exitCode
      child.kill(signal)
      const killer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      const code = await ended
      clearTimeout(killer)
      return code
    },
  }
}
