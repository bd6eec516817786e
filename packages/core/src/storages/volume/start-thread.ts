import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { systemClock } from '../../time/clock.js'
import { BatchRing } from './shared/batch-ring.js'
import { blockingDisk, pooledDisk, type Disk } from './disk.js'
import type { ThreadData, VolumeRequest } from './protocol.js'
import { DirectFlusher } from './flush/direct-flusher.js'
import { CONTROL, publishDurable, wakeUp } from './shared/shared-memory.js'
import { VolumeWriter } from './thread/volume-writer.js'
import type { StartThread } from './volume.js'

/** Bytes are in shared memory: the heap of the thread is small. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }

/** Scripts of the two threads of a volume. */
export interface VolumeScripts {
  /** `thread/thread.ts`, compiled. */
  readonly writing: URL
  /** `flush/thread.ts`, compiled. */
  readonly flushing: URL
}

/**
 * Where the compiled threads are not there, the work is done with Node's own pool: in bundles that others make; in sources it is done at once,
 * so that tests with a clock of their own never run ahead of the disk.
 */
export function threadStarter(scripts: VolumeScripts): StartThread {
  const { writing: script } = scripts
  if (script.protocol === 'file:' && existsSync(fileURLToPath(script))) return startWorkers(scripts)
  return inProcess(import.meta.url.endsWith('.ts') ? blockingDisk : pooledDisk)
}

function startWorkers({ writing, flushing }: VolumeScripts): StartThread {
  return (memory, onReply, onEnd) => {
    const { port1, port2 } = new MessageChannel()
    const start = (script: URL, workerData: unknown, transferList: MessagePort[]) => {
      // flags of the process, such as those of a loader, are not for it
      const worker = new Worker(script, { workerData, transferList, execArgv: [], resourceLimits: LIMITS })
      worker.on('error', (error) => onEnd(error instanceof Error ? error.message : String(error)))
      worker.on('exit', (code) => onEnd(`it ended with code ${code}`))
      worker.unref()
    }
    start(writing, { memory, port: port2 } satisfies ThreadData, [port2])
    start(flushing, { memory }, [])
    port1.on('message', onReply)
    port1.unref()
    let isTold = false
    return {
      tell: (request) => port1.postMessage(request),
      // once for all that is told in one go
      wake() {
        if (isTold) return
        isTold = true
        setImmediate(() => {
          isTold = false
          wakeUp(memory, CONTROL.wake)
        })
      },
      // a thread that sleeps, or hangs in the disk, does not keep the process alive
      hold: (isHeld) => (isHeld ? port1.ref() : port1.unref()),
    }
  }
}

/** Without a thread: what is asked is done in this one, as far as the disk lets it. */
export const inProcess =
  (disk: Disk): StartThread =>
  (memory, onReply, onEnd) => {
    const flusher = new DirectFlusher({
      disk,
      now: () => systemClock.monotonicMs(),
      publishDurable: (slot, bytes) => publishDurable(memory, slot, bytes),
    })
    const writer = new VolumeWriter({ disk, flusher, memory, reply: onReply })
    const ring = new BatchRing(memory)
    let waiting: VolumeRequest[] = []
    let isRunning = false
    let isWoken = false
    const run = async () => {
      await Promise.resolve() // what is told in one turn goes together
      while (isWoken) {
        isWoken = false
        const requests = waiting
        waiting = []
        writer.learn(requests)
        await writer.run(requests, ring.takeAll())
      }
      isRunning = false
    }
    return {
      tell: (request) => waiting.push(request),
      wake() {
        isWoken = true
        if (isRunning) return
        isRunning = true
        run().catch((error: unknown) => onEnd(error instanceof Error ? error.message : String(error)))
      },
      hold: () => {},
    }
  }
