import { fdatasyncSync, fstatSync, fsyncSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { systemClock } from '../../../time/clock.js'
import type { SharedMemory } from '../shared/shared-memory.js'
import { CONTROL, publishDurable, wakeUp } from '../shared/shared-memory.js'
import { FlushRing, ResultRing, type FlushResult, type SentFlush } from './flush-memory.js'

// the entry of the thread that flushes a volume: it sleeps until it is woken, and never turns an event loop
const { memory } = workerData as { readonly memory: SharedMemory }
const { control, flush } = memory
const [urgent, due, results] = [new FlushRing(flush.urgent), new FlushRing(flush.due), new ResultRing(flush.results)]

function done({ id, handle, isWhole }: SentFlush): FlushResult {
  const startMs = systemClock.monotonicMs()
  try {
    if (isWhole) fsyncSync(handle)
    else fdatasyncSync(handle)
    const tookMs = systemClock.monotonicMs() - startMs
    return { id, errno: 0, links: fstatSync(handle).nlink, tookMs }
  } catch (error) {
    const { errno = -5 } = error as NodeJS.ErrnoException
    return { id, errno, links: 0, tookMs: 0 }
  }
}

for (;;) {
  const seen = Atomics.load(control, CONTROL.flushWake)
  Atomics.store(control, CONTROL.flushBusy, 1)
  for (let next = urgent.next() ?? due.next(); next; next = urgent.next() ?? due.next()) {
    const result = done(next)
    const isPublished = next.slot >= 0 && result.errno === 0 && result.links > 0
    if (isPublished) publishDurable(memory, next.slot, next.bytes)
    results.add(result)
    // what is told everybody already can wait until there is something to write, as a rule
    if (!isPublished || Atomics.load(control, CONTROL.flushWanted) === 1) wakeUp(memory, CONTROL.wake)
  }
  Atomics.store(control, CONTROL.flushBusy, 0)
  Atomics.wait(control, CONTROL.flushWake, seen)
  Atomics.add(control, CONTROL.flushWakings, 1)
}
