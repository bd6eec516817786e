import { describe, expect, it } from 'vitest'
import { ByteQueue } from '../../src/bytes/byte-queue.js'
import { bytesWithHeadroom, prepend } from '../../src/bytes/headroom.js'

const chunk = (length: number, value: number) => bytesWithHeadroom(length).fill(value)

describe('headroom', () => {
  it('takes what was before, once', () => {
    const bytes = chunk(5, 7)
    const whole = prepend(Uint8Array.of(1, 2, 3), bytes)!
    expect([...whole]).toEqual([1, 2, 3, 7, 7, 7, 7, 7])
    expect(whole.buffer).toBe(bytes.buffer)
    expect(prepend(Uint8Array.of(9), bytes)).toBeUndefined()
    expect([...whole]).toEqual([1, 2, 3, 7, 7, 7, 7, 7])
  })

  it('is not there in other bytes, in a part of some, and for too many', () => {
    expect(prepend(Uint8Array.of(1), new Uint8Array(9).subarray(4))).toBeUndefined()
    const bytes = chunk(9, 7)
    expect(prepend(Uint8Array.of(1), bytes.subarray(1))).toBeUndefined()
    expect(prepend(new Uint8Array(1 << 17), bytes)).toBeUndefined()
    expect(prepend(new Uint8Array(0), bytes.subarray(0, 3))).toHaveLength(3)
  })

  it('keeps a queue of chunks as it was, and what was seen of it', () => {
    const queue = new ByteQueue()
    queue.push(chunk(100, 1))
    queue.consume(97)
    const seen = queue.bytes
    queue.push(chunk(100, 2))
    expect([...queue.bytes.subarray(0, 5)]).toEqual([1, 1, 1, 2, 2])
    queue.consume(101)
    queue.push(Uint8Array.of(3, 4))
    queue.push(chunk(2, 5))
    expect([...queue.bytes]).toEqual([2, 2, 3, 4, 5, 5])
    expect([...seen]).toEqual([1, 1, 1])
    // two who get the same chunk
    const shared = chunk(3, 6)
    const queues = [new ByteQueue(), new ByteQueue()]
    for (const [index, one] of queues.entries()) {
      one.push(Uint8Array.of(10 + index))
      one.push(shared)
    }
    expect(queues.map((one) => [...one.bytes])).toEqual([
      [10, 6, 6, 6],
      [11, 6, 6, 6],
    ])
  })
})
