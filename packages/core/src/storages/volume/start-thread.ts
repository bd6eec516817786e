import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { systemClock } from '../../time/clock.js'
import { BatchRing } from './batch-ring.js'
import { blockingDisk, pooledDisk, type Disk } from './disk.js'
import type { ThreadData, VolumeRequest } from './protocol.js'
import { CONTROL } from './shared-memory.js'
import { VolumeWriter } from './thread/volume-writer.js'
import type { StartThread } from './volume.js'

/** Bytes are in shared memory: the heap of the thread is small. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }

/**
 * @param script - `thread.ts`, compiled. Where it is not there, the work is done with Node's own pool: in bundles that others make; in
 * sources it is done at once, so that tests with a clock of their own never run ahead of the disk
 */
export function threadStarter(script: URL): StartThread {
  if (script.protocol === 'file:' && existsSync(fileURLToPath(script))) return startWorker(script)
  return inProcess(import.meta.url.endsWith('.ts') ? blockingDisk : pooledDisk)
}

function startWorker(script: URL): StartThread {
  return (memory, onReply, onEnd) => {
    const { port1, port2 } = new MessageChannel()
    const worker = new Worker(script, {
      workerData: { memory, port: port2 } satisfies ThreadData,
      transferList: [port2],
      // flags of the process, such as those of a loader, are not for it
      execArgv: [],
      resourceLimits: LIMITS,
    })
    port1.on('message', onReply)
    worker.on('error', (error) => onEnd(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => onEnd(`it ended with code ${code}`))
    worker.unref()
    port1.unref()
    return {
      tell: (request) => port1.postMessage(request),
      wake() {
        Atomics.add(memory.control, CONTROL.wake, 1)
        Atomics.notify(memory.control, CONTROL.wake)
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
    const writer = new VolumeWriter({ disk, memory, now: () => systemClock.monotonicMs(), reply: onReply })
    const ring = new BatchRing(memory)
    let waiting: VolumeRequest[] = []
    let isRunning = false
    let isWoken = false
    const run = async () => {
      await Promise.resolve() // what is told in one turn goes together
      for (let isBusy = false; isBusy || isWoken;) {
        isWoken = false
        const requests = waiting
        waiting = []
        writer.learn(requests)
        await writer.run(requests, ring.takeAll())
        isBusy = await writer.work()
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
