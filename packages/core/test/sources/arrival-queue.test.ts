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
})
