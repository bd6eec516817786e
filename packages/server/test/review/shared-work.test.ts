import { describe, expect, it } from 'vitest'
import { SharedWork } from '../../src/review/shared-work.js'

function pending() {
  let done: (value: number) => void = () => {}
  const starts: AbortSignal[] = []
  const start = (signal: AbortSignal) => {
    starts.push(signal)
    return new Promise<number>((resolve, reject) => {
      done = resolve
      signal.addEventListener('abort', () => reject(new Error('stopped')))
    })
  }
  return { starts, start, done: (value: number) => done(value) }
}

describe('SharedWork', () => {
  it('does the same work once', async () => {
    const work = new SharedWork<number>()
    const { starts, start, done } = pending()
    const both = [1, 2].map(() => work.run('a', new AbortController().signal, start))
    done(7)
    expect(await Promise.all(both)).toEqual([7, 7])
    expect(starts).toHaveLength(1)
    const third = work.run('a', new AbortController().signal, start)
    done(8)
    expect(await third).toBe(8)
    expect(starts).toHaveLength(2)
  })

  it('goes on while somebody waits, and stops when nobody does', async () => {
    const work = new SharedWork<number>()
    const { starts, start } = pending()
    const [one, other] = [new AbortController(), new AbortController()]
    const results = Promise.allSettled([work.run('a', one.signal, start), work.run('a', other.signal, start)])
    one.abort()
    expect(starts[0].aborted).toBe(false)
    other.abort()
    expect(starts[0].aborted).toBe(true)
    // whoever comes now begins anew
    const third = work.run('a', new AbortController().signal, () => Promise.resolve(9))
    expect(await third).toBe(9)
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
