import type { Clock } from '@isr/core'
import type { Output } from './output/output.js'

/** Signals that stop a recording. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** What a command is told from outside while it works. */
export interface Interruptions {
  /** The user or the system wants an end. */
  readonly onSignal: (signal: StopSignal) => void
  /** A fault that nothing caught: files should be closed and the program ended. */
  readonly onFatal: (error: unknown) => void
}

/** The world around a command, so that tests can be it. */
export interface Io {
  /** Standard output. */
  readonly stdout: Output
  /** Standard error. */
  readonly stderr: Output
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Time and timers. */
  readonly clock: Clock
  /** Listens until the function returned is called. */
  listen(interruptions: Interruptions): () => void
  /** Ends the program at once, whatever is open. */
  exit(code: number): void
}
