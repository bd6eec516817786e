import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../../time/clock.js'
import { blockingDisk } from '../disk.js'
import type { ThreadData, VolumeRequest } from '../protocol.js'
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

for (;;) {
  const seen = Atomics.load(memory.control, CONTROL.wake)
  const requests: VolumeRequest[] = []
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
    requests.push(next.message as VolumeRequest)
  if (requests.length > 0) await writer.run(requests)
  if (!(await writer.work())) Atomics.wait(memory.control, CONTROL.wake, seen)
}
