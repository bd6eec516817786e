import { beforeEach, describe, expect, it } from 'vitest'
import { FlushRing, ResultRing } from '../../../../src/storages/volume/flush/flush-memory.js'
import { ThreadFlusher } from '../../../../src/storages/volume/flush/thread-flusher.js'
import { CONTROL, createSharedMemory, type SharedMemory } from '../../../../src/storages/volume/shared/shared-memory.js'
import { settle } from '../../../../src/testing/fake-clock.js'

describe('ThreadFlusher', () => {
  let memory: SharedMemory
  let flusher: ThreadFlusher
  let urgent: FlushRing
  let due: FlushRing
  let results: ResultRing
  beforeEach(() => {
    memory = createSharedMemory()
    flusher = new ThreadFlusher(memory)
    // what the other thread sees
    urgent = new FlushRing(memory.flush.urgent)
    due = new FlushRing(memory.flush.due)
    results = new ResultRing(memory.flush.results)
  })

  const publishes = { slot: 3, bytes: 100 }
  const end = (id: number, errno = 0) => results.add({ id, errno, links: 1, tookMs: 5 })

  it('wakes the other thread once for all, and hears of success and failure', async () => {
    const flushes = [1, 2].map((handle) => flusher.flush({ handle, isUrgent: true }).done)
    const ends = Promise.allSettled(flushes)
    flusher.kick()
    flusher.kick()
    expect(Atomics.load(memory.control, CONTROL.flushWake)).toBe(1)
    const sent = [urgent.next(), urgent.next(), urgent.next()]
    expect(sent.map((flush) => flush?.handle)).toEqual([1, 2, undefined])
    end(sent[0]?.id ?? 0)
    end(sent[1]?.id ?? 0, -5)
    expect(flusher.hasNews).toBe(true)
    expect(flusher.hear()).toBe(true)
    const [good, bad] = await ends
    expect(good).toMatchObject({ status: 'fulfilled', value: { tookMs: 5, links: 1 } })
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'EIO' } })
  })

  it('lets one that is due go with those that are urgent, unless it has begun', () => {
    const [waiting, begun] = [1, 2].map((handle) => flusher.flush({ handle, isUrgent: false, publishes }))
    expect(begun).toBeDefined()
    const first = due.next()
    expect(first).toMatchObject({ handle: 1, slot: 3, bytes: 100 })
    expect(waiting.hurry()).toBe(false)
    expect(begun.hurry()).toBe(true)
    expect(due.next()).toBeUndefined()
    // the end of an urgent one is always heard
    expect(urgent.next()).toMatchObject({ handle: 2, slot: -1 })
  })

  it('asks to be woken while somebody waits for a flush that tells nobody', async () => {
    const wanted = () => Atomics.load(memory.control, CONTROL.flushWanted)
    const flush = flusher.flush({ handle: 1, isUrgent: false, publishes })
    expect(wanted()).toBe(0)
    flush.want()
    expect(wanted()).toBe(1)
    end(due.next()?.id ?? 0)
    flusher.hear()
    await flush.done
    expect(wanted()).toBe(0)
    flush.want()
    expect(wanted()).toBe(0)
  })

  it('holds back what there is no room for, and hears when there is', async () => {
    let done = 0
    for (let index = 0; index < 3000; index++)
      void flusher.flush({ handle: index, isUrgent: false, publishes }).done.then(() => done++)
    const handles: number[] = []
    for (let rounds = 0; handles.length < 3000 && rounds < 5; rounds++) {
      let isTold = false
      for (let next = due.next(); next; next = due.next()) {
        handles.push(next.handle)
        isTold = next.slot === -1
        end(next.id)
      }
      // who waits for room is woken by the last of those that had some
      expect(isTold || handles.length === 3000).toBe(true)
      flusher.hear()
    }
    await settle()
    expect(done).toBe(3000)
    expect(handles).toEqual(Array.from({ length: 3000 }, (_, index) => index))
  })
})
