import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../../time/clock.js'
import { blockingDisk } from '../disk.js'
import type { ThreadData, VolumeRequest } from '../protocol.js'
import { BatchRing } from '../batch-ring.js'
import { CONTROL } from '../shared-memory.js'
import { VolumeWriter } from './volume-writer.js'

// the entry of the thread of a volume: it sleeps until it is woken, and never turns an event loop
const { memory, port } = workerData as ThreadData
const writer = new VolumeWriter({
  disk: blockingDisk,
  memory,
  now: () => systemClock.monotonicMs(),
  reply: (reply) => port.postMessage(reply),
})

const ring = new BatchRing(memory)

function take(): VolumeRequest[] {
  const requests: VolumeRequest[] = []
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
    requests.push(next.message as VolumeRequest)
  writer.learn(requests)
  return requests
}

let requests: VolumeRequest[] = []
for (;;) {
  const seen = Atomics.load(memory.control, CONTROL.wake)
  Atomics.store(memory.control, CONTROL.busy, 1)
  // every batch that was sent before one of these is among those that are taken next
  requests = [...requests, ...take()]
  const batches = ring.takeAll()
  // slabs of these batches; whatever else comes with them may be about later ones
  const later = take()
  if (requests.length + batches.length > 0) await writer.run(requests, batches)
  requests = later
  if ((await writer.work()) || later.length > 0) continue
  Atomics.store(memory.control, CONTROL.busy, 0)
  Atomics.wait(memory.control, CONTROL.wake, seen)
}
