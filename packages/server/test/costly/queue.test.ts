import { describe, expect, it } from 'vitest'
import { CostlyQueue } from '../../src/costly/queue.js'

describe('CostlyQueue', () => {
  it('lets nobody have more than a share, and gives it back whatever happens', async () => {
    const queue = new CostlyQueue({ perClient: 2, total: 3, what: 'job' })
    const ends: (() => void)[] = []
    const work = () => new Promise<void>((resolve) => ends.push(resolve))
    const all = [queue.run('a', work), queue.run('a', work)]
    await expect(queue.run('a', work)).rejects.toMatchObject({ status: 429 })
    all.push(queue.run('b', work))
    await expect(queue.run('c', work)).rejects.toMatchObject({ status: 503 })
    for (const end of ends) end()
    await Promise.all(all)
    await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(queue.size).toBe(0)
    expect(await queue.run('a', () => Promise.resolve(7))).toBe(7)
  })
})
