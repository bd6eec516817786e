import { constants, getPriority, setPriority } from 'node:os'
import { parentPort, type TransferListItem } from 'node:worker_threads'
import { sendError, type JobHandler, type JobReply, type JobRequest } from './job.js'

/**
 * Makes this thread do the jobs of a {@link WorkerPool}, one at a time.
 * @param transfer - buffers of a result that move to the pool instead of being copied
 */
export function serveJobs<Task, Progress, Result>(
  handler: JobHandler<Task, Progress, Result>,
  transfer: (result: Result) => ArrayBuffer[],
): void {
  const port = parentPort
  if (!port) throw new Error('this file is the entry of a thread; it cannot be started by itself')
  giveWay()
  let stop = new AbortController()
  const reply = (message: JobReply<Progress, Result>, moved: readonly TransferListItem[] = []) =>
    port.postMessage(message, moved)
  const run = async (task: Task) => {
    stop = new AbortController()
    const { signal } = stop
    try {
      const progress = (progress: Progress) => reply({ type: 'progress', progress })
      const result = await handler(task, { signal, ownThread: true, progress })
      reply({ type: 'done', result }, transfer(result))
    } catch (error) {
      reply({ type: 'failed', error: sendError(error) })
    }
  }
  port.on('message', (request: JobRequest<Task>) => {
    if (request.type === 'run') void run(request.task)
    else stop.abort()
  })
}

/** Recording and answering come first. On Linux each thread has a niceness of its own; elsewhere it is that of the whole process. */
function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const { PRIORITY_BELOW_NORMAL } = constants.priority
    if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL)
  } catch {
    // where that is forbidden, jobs are done as they were
  }
}
