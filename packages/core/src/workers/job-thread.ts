import { Worker } from 'node:worker_threads'
import { IsrError } from '../errors.js'
import { receiveError, stoppedJob, type JobReply, type JobRequest } from './job.js'

/** Small: buffers of audio are given back as soon as the little objects that hold them are collected. */
const YOUNG_GENERATION_MB = 2

interface Job<Progress, Result> {
  readonly onProgress: (progress: Progress) => void
  readonly resolve: (result: Result) => void
  readonly reject: (error: IsrError) => void
}

/** One thread, which does one job at a time. */
export class JobThread<Task, Progress, Result> {
  readonly #worker: Worker
  #job?: Job<Progress, Result>
  #alive = true

  /** @param script - calls `serveJobs` */
  constructor(script: URL) {
    this.#worker = new Worker(script, {
      // flags of the process, such as those of a loader, are not for it
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    this.#worker.on('message', (reply: JobReply<Progress, Result>) => this.#hear(reply))
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error.message : String(error)))
    this.#worker.on('exit', (code) => this.#die(`it ended with code ${code}`))
  }

  /** False once it has ended. */
  get isAlive(): boolean {
    return this.#alive
  }

  /** Does a job. Resolves and rejects when the thread is free again. @throws {@link IsrError} */
  run(task: Task, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Result> {
    const stop = () => this.#tell({ type: 'stop' })
    signal.addEventListener('abort', stop, { once: true })
    this.#worker.ref()
    return new Promise<Result>((resolve, reject) => {
      this.#job = { onProgress, resolve, reject }
      this.#tell({ type: 'run', task })
    }).finally(() => {
      this.#worker.unref()
      signal.removeEventListener('abort', stop)
    })
  }

  /** Ends it; a job that it has ends with `ISR_STOPPED`. */
  async end(): Promise<void> {
    this.#alive = false
    this.#finish((job) => job.reject(stoppedJob()))
    await this.#worker.terminate()
  }

  #tell(request: JobRequest<Task>): void {
    this.#worker.postMessage(request)
  }

  #hear(reply: JobReply<Progress, Result>): void {
    if (reply.type === 'progress') this.#job?.onProgress(reply.progress)
    else if (reply.type === 'done') this.#finish((job) => job.resolve(reply.result))
    else this.#finish((job) => job.reject(receiveError(reply.error)))
  }

  /** Out of memory, or a fault of ours: the job is lost, the process is not. */
  #die(why: string): void {
    this.#alive = false
    this.#finish((job) => job.reject(new IsrError('ISR_DECODE_FAILED', `the thread that decoded has failed: ${why}`)))
  }

  #finish(settle: (job: Job<Progress, Result>) => void): void {
    const job = this.#job
    this.#job = undefined
    if (job) settle(job)
  }
}
