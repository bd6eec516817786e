import type { ChildProcess } from 'node:child_process'

import { sleep } from '../../time/clock.js'
import type { Clock } from '../../time/clock.js'

/** How often it is looked whether a group is gone. */
const POLL_MS = 20

/** Groups not yet ended: a program that exits at once (a second Ctrl+C) leaves none of them behind. */
const living = new Set<ProcessGroup>()
let guarded = false

function killAllAtExit(): void {
  if (guarded) return
  guarded = true
  process.once('exit', () => {
    for (const group of living) group.signal('SIGKILL')
  })
}

/** A detached child and everything it started that did not leave its group. */
export class ProcessGroup {
  readonly #child: ChildProcess
  readonly #exited: Promise<void>

  constructor(child: ChildProcess) {
    this.#child = child
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()))
    living.add(this)
    killAllAtExit()
  }

  /** Asks all to end with SIGTERM; those still there after `graceMs` are killed. Resolves when the child is reaped. */
  async terminate(clock: Clock, graceMs: number): Promise<void> {
    this.signal('SIGTERM')
    const deadlineMs = clock.monotonicMs() + graceMs
    while (this.#alive && clock.monotonicMs() < deadlineMs) await this.#pause(clock)
    this.signal('SIGKILL')
    await this.#exited
    living.delete(this)
  }

  /** Sends a signal to the whole group; nothing happens when it is gone. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.#target, signal)
    } catch {
      // ESRCH: gone already. EPERM: a program that changed its user; nothing can be done about it.
    }
  }

  /** The child may be gone while others of its group live on. */
  get #alive(): boolean {
    if (this.#child.exitCode === null && this.#child.signalCode === null) return true
    if (process.platform === 'win32') return false
    try {
      process.kill(this.#target, 0)
      return true
    } catch {
      return false
    }
  }

  /** Windows has no groups: the child alone. */
  get #target(): number {
    const pid = this.#child.pid!
    return process.platform === 'win32' ? pid : -pid
  }

  /** Wakes at the exit of the child, or after a while to look at the rest. */
  #pause(clock: Clock): Promise<void> {
    const childExited = this.#child.exitCode !== null || this.#child.signalCode !== null
    if (childExited) return sleep(clock, POLL_MS)
    const wake = new AbortController()
    void this.#exited.then(() => wake.abort())
    return sleep(clock, POLL_MS, wake.signal)
  }
}
