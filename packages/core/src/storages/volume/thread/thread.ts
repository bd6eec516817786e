import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { blockingDisk } from '../disk.js'
import { ThreadFlusher } from '../flush/thread-flusher.js'
import type { ThreadData, VolumeRequest } from '../protocol.js'
import { BatchRing } from '../shared/batch-ring.js'
import { CONTROL } from '../shared/shared-memory.js'
import { VolumeWriter } from './volume-writer.js'

// the entry of the thread that writes to a volume: it sleeps until it is woken
const { memory, port } = workerData as ThreadData
const { control } = memory
const flusher = new ThreadFlusher(memory)
const writer = new VolumeWriter({ disk: blockingDisk, flusher, memory, reply: (reply) => port.postMessage(reply) })
const ring = new BatchRing(memory)

function take(): VolumeRequest[] {
  const requests: VolumeRequest[] = []
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
    requests.push(next.message as VolumeRequest)
  writer.learn(requests)
  return requests
}

/** How often the end of a flush is looked for that a batch waits for. */
const RUNNING_LOOK_MS = 5

/** Whoever waits for what was flushed or written goes on until all of them wait for a flush. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

let requests: VolumeRequest[] = []
for (;;) {
  const seen = Atomics.load(control, CONTROL.wake)
  Atomics.store(control, CONTROL.busy, 1)
  flusher.hear()
  // every batch that was sent before one of these is among those that are taken next
  requests = [...requests, ...take()]
  const batches = ring.takeAll()
  // slabs of these batches; whatever else comes with them may be about later ones
  const later = take()
  let isRunning = true
  void writer.run(requests, batches).finally(() => (isRunning = false))
  await settled()
  flusher.kick()
  // a journal that begins or turns over waits for a flush, whose end nobody else would hear
  while (isRunning) {
    Atomics.wait(control, CONTROL.wake, Atomics.load(control, CONTROL.wake), RUNNING_LOOK_MS)
    flusher.hear()
    await settled()
    flusher.kick()
  }
  requests = later
  if (later.length > 0 || (Atomics.load(control, CONTROL.flushWanted) === 1 && flusher.hasNews)) continue
  Atomics.store(control, CONTROL.busy, 0)
  Atomics.wait(control, CONTROL.wake, seen)
  Atomics.add(control, CONTROL.wakings, 1)
}
