import { IsrError, StorageError, toIsrError, type IsrErrorJson } from '../errors.js'

/** What a job is given beside its task. */
export interface JobContext<Progress> {
  /** Aborts when nobody wants the result any more. */
  readonly signal: AbortSignal
  /** Whether the thread is the job's own: then it may block. */
  readonly ownThread: boolean
  /** Tells how far it is. */
  readonly progress: (progress: Progress) => void
}

/** Work that a thread does; task, progress and result are plain data, as `structuredClone` takes them. */
export type JobHandler<Task, Progress, Result> = (task: Task, context: JobContext<Progress>) => Promise<Result>

/** What a thread is told. */
export type JobRequest<Task> = { readonly type: 'run'; readonly task: Task } | { readonly type: 'stop' }

/** An error on its way between threads, where classes are lost. */
export interface SentError extends IsrErrorJson {
  /** Name of its class. */
  readonly name: string
}

/** What a thread answers. */
export type JobReply<Progress, Result> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: SentError }

/** An error as it is sent. */
export function sendError(error: unknown): SentError {
  const { name, code, message } = toIsrError(error, 'ISR_DECODE_FAILED')
  return { name, code, message }
}

/** An error as it was thrown. */
export function receiveError({ name, code, message }: SentError): IsrError {
  return name === 'StorageError' ? new StorageError(code, message) : new IsrError(code, message)
}

/** What a job that nobody wants any more ends with. */
export function stoppedJob(): IsrError {
  return new IsrError('ISR_STOPPED', 'stopped before the end')
}
