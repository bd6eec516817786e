import { describe, expect, it } from 'vitest'
import { Slabs } from '../../../src/storages/volume/slabs.js'

const MB = 1 << 20

/** Slabs, and which of them the thread knows. */
function slabs() {
  const known = new Set<number>()
  const state = { done: 0, batch: 0, made: 0, nowMs: 0 }
  const all = new Slabs({
    onNew: (slab) => {
      state.made++
      known.add(slab)
    },
    onGone: (slab) => known.delete(slab),
    doneBatch: () => state.done,
  })
  /** Sends bytes. @returns how many there was room for */
  const send = (bytes: number): number => {
    const parts = [new Uint8Array(bytes)]
    let sent = 0
    for (let copied = 1; copied > 0 && sent < bytes; sent += copied) copied = all.put(1, parts, bytes - sent)
    all.take(++state.batch, state.nowMs)
    return sent
  }
  return { state, known, send }
}

describe('Slabs', () => {
  it('are used again, so that steady running makes no new ones', () => {
    const { state, send } = slabs()
    for (let second = 0; second < 500; second++, state.nowMs += 1000) {
      expect(send(2 * MB)).toBe(2 * MB)
      state.done = state.batch
    }
    expect(state.made).toBeLessThanOrEqual(4)
  })

  it('are used again by a hundred storages that each send their own, too', () => {
    const { state, send } = slabs()
    for (let second = 0; second < 500; second++, state.nowMs += 1000) {
      for (let storage = 0; storage < 100; storage++) expect(send(16_000)).toBe(16_000)
      state.done = state.batch
    }
    expect(state.made).toBeLessThanOrEqual(4)
  })

  it('are not more than eight while nothing is worked off, and given back when that is over', () => {
    const { state, known, send } = slabs()
    expect(send(20 * MB)).toBeLessThan(8 * MB)
    expect(known.size).toBe(8)
    expect(send(MB)).toBe(0)
    for (let second = 0; second < 200; second++, state.nowMs += 1000) {
      state.done = state.batch
      expect(send(1000)).toBe(1000)
    }
    expect(known.size).toBeLessThanOrEqual(2)
    state.done = state.batch
    // what was given back is made anew
    expect(send(5 * MB)).toBe(5 * MB)
  })
})
