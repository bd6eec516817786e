import { getSystemErrorName } from 'node:util'
import { CONTROL, wakeUp, type SharedMemory } from '../shared/shared-memory.js'
import type { Flush, Flushed, Flusher, FlushRequest } from './flusher.js'
import { FlushRing, ResultRing, type FlushResult } from './flush-memory.js'

/** On the way at a time: there is room for what comes back. */
const MOST_ASKED = 2000

interface Asked {
  request: FlushRequest
  /** Where it stands in the ring of those that are due; -1 where it does not. */
  dueAt: number
  readonly resolve: (flushed: Flushed) => void
  readonly reject: (error: unknown) => void
}

/** Has another thread flush. What that one says is heard when the owner of this one asks. */
export class ThreadFlusher implements Flusher {
  readonly #memory: SharedMemory
  readonly #urgent: FlushRing
  readonly #due: FlushRing
  readonly #results: ResultRing
  readonly #asked = new Map<number, Asked>()
  /** Whose end somebody waits for. */
  readonly #wanted = new Set<number>()
  /** For which there is no room yet. */
  #held: number[] = []
  #lastId = 0
  #isTold = true

  constructor(memory: SharedMemory) {
    this.#memory = memory
    this.#urgent = new FlushRing(memory.flush.urgent)
    this.#due = new FlushRing(memory.flush.due)
    this.#results = new ResultRing(memory.flush.results)
  }

  flush(request: FlushRequest): Flush {
    const id = (this.#lastId = (this.#lastId + 1) | 0)
    const done = new Promise<Flushed>((resolve, reject) => {
      this.#asked.set(id, { request, dueAt: -1, resolve, reject })
    })
    this.#send(id)
    return { done, hurry: () => this.#hurry(id), want: () => this.#want(id) }
  }

  /** Learns what was flushed. @returns whether there was anything */
  hear(): boolean {
    const count = this.#results.takeAll((result) => this.#settle(result))
    const held = this.#held
    this.#held = []
    for (const id of held) this.#send(id)
    return count > 0
  }

  /** Whether there is something to hear. */
  get hasNews(): boolean {
    return this.#results.isFilled
  }

  /** Wakes the other thread, when there is something for it. */
  kick(): void {
    if (this.#isTold) return
    this.#isTold = true
    wakeUp(this.#memory, CONTROL.flushWake)
  }

  #send(id: number): void {
    const asked = this.#asked.get(id)
    if (!asked) return
    const { handle, isWhole = false, isUrgent, publishes } = asked.request
    const ring = isUrgent ? this.#urgent : this.#due
    const left = Math.min(ring.room, MOST_ASKED - (this.#asked.size - this.#held.length))
    if (left <= 0) {
      this.#held.push(id)
      return
    }
    // somebody waits for it, or for the room that it takes: its end is heard at once
    const slot = isUrgent || left === 1 ? -1 : (publishes?.slot ?? -1)
    const at = ring.add({ id, handle, isWhole, slot, bytes: publishes?.bytes ?? 0 })
    asked.dueAt = isUrgent ? -1 : at
    this.#isTold = false
  }

  #hurry(id: number): boolean {
    const asked = this.#asked.get(id)
    if (!asked) return false
    const isHeld = this.#held.includes(id)
    if (!isHeld && (asked.dueAt < 0 || !this.#due.takeBack(id, asked.dueAt))) return false
    this.#held = this.#held.filter((one) => one !== id)
    asked.request = { ...asked.request, isUrgent: true }
    this.#send(id)
    return true
  }

  /** From here on the end of each flush wakes this thread, until that one is heard; or it is there already. */
  #want(id: number): void {
    if (!this.#asked.has(id)) return
    this.#wanted.add(id)
    Atomics.store(this.#memory.control, CONTROL.flushWanted, 1)
  }

  #settle({ id, errno, links, tookMs }: FlushResult): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (this.#wanted.delete(id) && this.#wanted.size === 0) Atomics.store(this.#memory.control, CONTROL.flushWanted, 0)
    if (errno === 0) asked?.resolve({ tookMs, links })
    else {
      const code = getSystemErrorName(errno)
      asked?.reject(Object.assign(new Error(`${code}: the disk could not be flushed`), { code, errno }))
    }
  }
}
