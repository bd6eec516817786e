import { spawn } from 'node:child_process'
import { sleep, type Clock } from '../../time/clock.js'
import { ProcessGroup } from './process-group.js'
import type { Environment } from './environment.js'

/** What a program gets, and how long it may take. */
export interface RunOptions {
  /** What it reads from its standard input. */
  readonly input: string
  /** Its environment; its PATH finds the program. */
  readonly env: Environment
  /** After this long it is ended with all that it started, in milliseconds. */
  readonly timeoutMs: number
  /** Counts the time. */
  readonly clock: Clock
  /** Ends it. */
  readonly signal: AbortSignal
}

/** How a program ended. */
export interface RunResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
  /** The signal that ended it. */
  readonly signal: NodeJS.Signals | null
  /** Whether it took too long. */
  readonly expired: boolean
  /** The end of what it said on stderr, as it came. */
  readonly words: string
}

const WORDS_CHARACTERS = 2000
/** Between asking and killing. */
const GRACE_MS = 2000
const DRAIN_MS = 500

/**
 * Runs a program to its end, in a process group of its own: no shell, no quoting. What it prints is not kept.
 * @throws Node's own error when it cannot be started. Its message repeats every argument, which may hold a secret: tell its `code` only
 */
export async function runProgram(command: readonly string[], options: RunOptions): Promise<RunResult> {
  const { input, env, timeoutMs, clock, signal } = options
  const [program, ...args] = command
  const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'pipe'], detached: true })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-WORDS_CHARACTERS)
  })
  // a program need not read what it gets
  for (const pipe of [child.stdin, child.stderr]) pipe.on('error', () => {})
  const closed = new AbortController()
  child.once('close', () => closed.abort())
  const exit = new Promise<Pick<RunResult, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  if (child.pid === undefined) return { ...(await exit), expired: false, words }
  const group = new ProcessGroup(child)
  let expired = false
  const end = () => void group.terminate(clock, GRACE_MS)
  const timer = clock.after(timeoutMs, () => {
    expired = true
    end()
  })
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  child.stdin.end(input)
  const ended = await exit
  timer.cancel()
  signal.removeEventListener('abort', end)
  await group.terminate(clock, 0)
  // what it said last may still be on its way; somebody who left the group may hold the pipe for ever
  await sleep(clock, DRAIN_MS, closed.signal)
  child.stderr.destroy()
  return { ...ended, expired, words }
}
