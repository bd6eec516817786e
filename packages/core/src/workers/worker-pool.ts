import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stoppedJob, type JobHandler } from './job.js'
import { JobThread } from './job-thread.js'
import { Slots } from './slots.js'

/** What a {@link WorkerPool} is made of. */
export interface WorkerPoolOptions<Task, Progress, Result> {
  /**
   * Script of a thread; it calls `serveJobs`. Undefined, or where it is not there (in sources, in bundles that others make), jobs run
   * in this thread.
   */
  readonly script?: URL
  /** Most jobs at a time. */
  readonly size: number
  /** Does a job where there is no script. */
  readonly handler: JobHandler<Task, Progress, Result>
}

/** How a job is watched. */
export interface RunOptions<Progress> {
  /** Ends it with `ISR_STOPPED`. */
  readonly signal?: AbortSignal
  /** Told how far it is. What it throws is lost. */
  readonly onProgress?: (progress: Progress) => void
}

/**
 * Threads that do jobs beside the one that records. A thread starts with the first job that finds none idle, and stays; one that waits
 * does not keep the process alive.
 */
export class WorkerPool<Task, Progress, Result> implements AsyncDisposable {
  readonly #script: URL | undefined
  readonly #handler: JobHandler<Task, Progress, Result>
  readonly #slots: Slots
  readonly #idle: JobThread<Task, Progress, Result>[] = []
  readonly #all = new Set<JobThread<Task, Progress, Result>>()
  readonly #closing = new AbortController()

  constructor({ script, size, handler }: WorkerPoolOptions<Task, Progress, Result>) {
    if (script?.protocol === 'file:' && existsSync(fileURLToPath(script))) this.#script = script
    this.#handler = handler
    this.#slots = new Slots(size)
  }

  /** Whether jobs have threads of their own. */
  get hasThreads(): boolean {
    return this.#script !== undefined
  }

  /** Does a job, after those that came before. @throws {@link IsrError} of the job, or `ISR_STOPPED` */
  async run(task: Task, { signal, onProgress }: RunOptions<Progress> = {}): Promise<Result> {
    const either = signal ? AbortSignal.any([this.#closing.signal, signal]) : this.#closing.signal
    if (!(await this.#slots.take(either))) throw stoppedJob()
    const progress = (progress: Progress) => {
      try {
        onProgress?.(progress)
      } catch {
        // a listener's fault is not the job's
      }
    }
    try {
      if (this.#script) return await this.#runInThread(this.#script, task, either, progress)
      return await this.#handler(task, { signal: either, ownThread: false, progress })
    } finally {
      this.#slots.give()
    }
  }

  /** Ends every thread; jobs end with `ISR_STOPPED`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#all].map((thread) => thread.end()))
  }

  async #runInThread(
    script: URL,
    task: Task,
    signal: AbortSignal,
    progress: (progress: Progress) => void,
  ): Promise<Result> {
    const thread = this.#idle.pop() ?? new JobThread<Task, Progress, Result>(script)
    this.#all.add(thread)
    try {
      return await thread.run(task, signal, progress)
    } finally {
      if (thread.isAlive) this.#idle.push(thread)
      else this.#all.delete(thread)
    }
  }
}
