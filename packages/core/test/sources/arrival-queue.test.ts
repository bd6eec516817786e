import { describe, expect, it } from 'vitest'

import { ArrivalQueue } from '../../src/sources/arrival-queue.js'

function queueWithFlow() {
  const flow: string[] = []
  const queue = new ArrivalQueue({ pause: () => flow.push('pause'), resume: () => flow.push('resume') })
  return { queue, flow }
}

describe('ArrivalQueue', () => {
  it('gives arrivals in order with their times, to a reader early or late', async () => {
    const { queue } = queueWithFlow()
    const early = queue.read()
    queue.push(Uint8Array.of(1), 10)
    queue.push(Uint8Array.of(2), 20)
    queue.push(Uint8Array.of(), 25)
    queue.push(Uint8Array.of(3), 30)
    queue.end()
    queue.push(Uint8Array.of(4), 40)
    expect(await early).toEqual({ bytes: Uint8Array.of(1), arrivedAtMs: 10 })
    expect(await queue.read()).toEqual({ bytes: Uint8Array.of(2), arrivedAtMs: 20 })
    queue.unread({ bytes: Uint8Array.of(9), arrivedAtMs: 21 })
    expect(await queue.read()).toEqual({ bytes: Uint8Array.of(9), arrivedAtMs: 21 })
    expect((await queue.read())?.arrivedAtMs).toBe(30)
    expect(await queue.read()).toBeUndefined()
    expect(await queue.read()).toBeUndefined()
  })

  it('gives plain bytes: a Buffer behaves otherwise', async () => {
    const { queue } = queueWithFlow()
    queue.push(Buffer.from('abc'), 0)
    expect((await queue.read())!.bytes.constructor).toBe(Uint8Array)
  })

  it('tells a fault after all that came before it; the first end counts', async () => {
    const { queue } = queueWithFlow()
    queue.push(Uint8Array.of(1), 0)
    queue.end(new Error('first'))
    queue.end(new Error('second'))
    expect(await queue.read()).toBeDefined()
    await expect(queue.read()).rejects.toThrow('first')
    const waiting = queueWithFlow().queue
    const pull = waiting.read()
    waiting.end(new Error('late'))
    await expect(pull).rejects.toThrow('late')
  })

  it('pauses at a megabyte and resumes at half of it', async () => {
    const { queue, flow } = queueWithFlow()
    const piece = new Uint8Array(64 * 1024)
    for (let count = 0; count < 17; count++) queue.push(piece, 0)
    expect(flow).toEqual(['pause'])
    for (let count = 0; count < 9; count++) await queue.read()
    expect(flow).toEqual(['pause'])
    await queue.read()
    expect(flow).toEqual(['pause', 'resume'])
  })

  it('counts what single bytes cost', () => {
    const { queue, flow } = queueWithFlow()
    for (let count = 0; count < 5000; count++) queue.push(Uint8Array.of(1), 0)
    expect(flow).toEqual(['pause'])
  })

  it('hands over what is queued, and then each arrival at once', async () => {
    const { queue } = queueWithFlow()
    const taken: number[] = []
    queue.push(Uint8Array.of(1), 10)
    queue.push(Uint8Array.of(2), 20)
    const done = queue.forEach(({ arrivedAtMs }) => void taken.push(arrivedAtMs))
    await Promise.resolve()
    queue.push(Uint8Array.of(3), 30)
    await turn()
    expect(taken).toEqual([10, 20, 30])
    queue.push(Uint8Array.of(4), 40)
    expect(taken).toEqual([10, 20, 30, 40])
    queue.end()
    await done
    await queue.forEach(() => expect.unreachable())
  })

  it('waits for whoever takes, and keeps the order', async () => {
    const { queue, flow } = queueWithFlow()
    const taken: number[] = []
    const rooms: (() => void)[] = []
    const done = queue.forEach(({ arrivedAtMs }) => {
      taken.push(arrivedAtMs)
      return arrivedAtMs % 2 === 0 ? new Promise<void>((resolve) => rooms.push(resolve)) : undefined
    })
    for (const at of [1, 2, 3, 4, 5]) queue.push(new Uint8Array(600_000), at)
    expect(taken).toEqual([1, 2])
    expect(flow).toEqual(['pause'])
    rooms[0]()
    await turn()
    expect(taken).toEqual([1, 2, 3, 4])
    queue.end()
    rooms[1]()
    await done
    expect(taken).toEqual([1, 2, 3, 4, 5])
    expect(flow).toEqual(['pause'])
  })

  it('passes on a fault, and what whoever takes throws', async () => {
    const broken = queueWithFlow().queue
    broken.push(Uint8Array.of(1), 0)
    broken.end(new Error('fault'))
    let count = 0
    await expect(broken.forEach(() => void count++)).rejects.toThrow('fault')
    expect(count).toBe(1)
    const failing = queueWithFlow().queue
    const done = failing.forEach(() => {
      throw new Error('cannot')
    })
    failing.push(Uint8Array.of(1), 0)
    await expect(done).rejects.toThrow('cannot')
  })
})

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
