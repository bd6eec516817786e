import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { nextUnlessAborted } from '../../../src/recorder/supervision/abortable.js'

describe('nextUnlessAborted', () => {
  it('gives items, and no listener is left behind', async () => {
    const abort = new AbortController()
    async function* numbers() {
      for (let number = 0; number < 100; number++) yield await Promise.resolve(number)
    }
    const iterator = numbers()[Symbol.asyncIterator]()
    let sum = 0
    for (;;) {
      const next = await nextUnlessAborted(iterator, abort.signal)
      if (!next || next.done) break
      sum += next.value
    }
    expect(sum).toBe(4950)
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
  })

  it('lets go of an iterator that never answers', async () => {
    const abort = new AbortController()
    const iterator: AsyncIterator<number> = { next: () => new Promise(() => {}) }
    const next = nextUnlessAborted(iterator, abort.signal)
    abort.abort()
    expect(await next).toBeUndefined()
    expect(await nextUnlessAborted(iterator, abort.signal)).toBeUndefined()
  })

  it('passes errors on', async () => {
    const iterator: AsyncIterator<number> = { next: () => Promise.reject(new Error('broken')) }
    await expect(nextUnlessAborted(iterator, new AbortController().signal)).rejects.toThrow('broken')
  })
})
