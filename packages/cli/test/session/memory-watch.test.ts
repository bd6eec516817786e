import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Listenable, RecorderEvents } from '@isr/core'
import { FakeClock } from '@isr/core/testing'

const core = vi.hoisted(() => ({ letHeapGrow: vi.fn(), giveMemoryBack: vi.fn() }))
vi.mock('@isr/core', async (original) => ({ ...(await original<object>()), ...core }))

const { watchMemory } = await import('../../src/session/memory-watch.js')

type Durability = Parameters<RecorderEvents['durability']>[0]

/** A station that tells of lags when a test says so. */
function listenable() {
  const listeners = new Set<(event: Durability) => void>()
  const recorder = {
    on: (_: string, listener: (event: Durability) => void) => void listeners.add(listener),
    off: (_: string, listener: (event: Durability) => void) => void listeners.delete(listener),
  }
  const tell = (source: string, isLate: boolean) => {
    for (const listener of listeners) listener({ source, isLate } as Durability)
  }
  return { recorder: recorder as unknown as Listenable<RecorderEvents>, tell, listeners }
}

afterEach(() => {
  core.letHeapGrow.mockClear()
  core.giveMemoryBack.mockClear()
})

describe('watchMemory', () => {
  it('lets the heap of many sources grow, but not while audio waits', async () => {
    const clock = new FakeClock()
    const { recorder, tell, listeners } = listenable()
    const end = watchMemory(recorder, 100, clock)
    expect(core.letHeapGrow.mock.calls).toEqual([[]])
    tell('a', true)
    tell('b', true)
    expect(core.letHeapGrow.mock.lastCall).toEqual([false])
    tell('a', false)
    await clock.advance(60_000)
    expect(core.giveMemoryBack).not.toHaveBeenCalled()
    tell('b', false)
    await clock.advance(60_000)
    expect(core.giveMemoryBack).toHaveBeenCalledTimes(1)
    expect(core.letHeapGrow.mock.lastCall).toEqual([])
    tell('a', true)
    tell('a', false)
    end()
    expect(clock.pendingTimers).toBe(0)
    expect(listeners.size).toBe(0)
  })

  it('leaves the heap of few sources alone, and gives back what a disk took', async () => {
    const clock = new FakeClock()
    const { recorder, tell } = listenable()
    watchMemory(recorder, 1, clock)
    tell('a', true)
    tell('a', false)
    await clock.advance(60_000)
    expect(core.letHeapGrow).not.toHaveBeenCalled()
    expect(core.giveMemoryBack).toHaveBeenCalledTimes(1)
  })
})
