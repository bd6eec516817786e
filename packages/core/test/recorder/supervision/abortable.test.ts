import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { AbortableIterator } from '../../../src/recorder/supervision/abortable.js'

describe('AbortableIterator', () => {
  it('gives items, and no listener is left behind', async () => {
    const abort = new AbortController()
    async function* numbers() {
      for (let number = 0; number < 100; number++) yield await Promise.resolve(number)
    }
    const iterator = new AbortableIterator(numbers(), abort.signal)
    let sum = 0
    for (;;) {
      const next = await iterator.next()
      if (!next || next.done) break
      sum += next.value
    }
    expect(sum).toBe(4950)
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1)
    iterator.end()
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
  })

  it('lets go of an iterator that never answers', async () => {
    const abort = new AbortController()
    const iterator = new AbortableIterator<number>({ next: () => new Promise(() => {}) }, abort.signal)
    const next = iterator.next()
    abort.abort()
    expect(await next).toBeUndefined()
    expect(await iterator.next()).toBeUndefined()
  })

  it('passes errors on', async () => {
    const broken: AsyncIterator<number> = { next: () => Promise.reject(new Error('broken')) }
    const iterator = new AbortableIterator(broken, new AbortController().signal)
    await expect(iterator.next()).rejects.toThrow('broken')
  })
})
