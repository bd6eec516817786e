import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteQueue } from '../../src/bytes/byte-queue.js'

type Step =
  { readonly push: Uint8Array } | { readonly consume: number } | { readonly clear: true } | { readonly compact: true }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: fc.uint8Array({ maxLength: 3000 }) }) },
  { weight: 3, arbitrary: fc.record({ consume: fc.nat(4000) }) },
  { weight: 1, arbitrary: fc.constant({ clear: true } as const) },
  { weight: 3, arbitrary: fc.constant({ compact: true } as const) },
)

describe('ByteQueue', () => {
  it('is a queue, and what was once seen never changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const queue = new ByteQueue()
        let model: number[] = []
        const seen: { view: Uint8Array; copy: Uint8Array }[] = []
        for (const one of steps) {
          if ('push' in one) {
            queue.push(one.push)
            model.push(...one.push)
          } else if ('consume' in one) {
            queue.consume(one.consume)
            model = model.slice(one.consume)
          } else if ('compact' in one) queue.compact()
          else {
            queue.clear()
            model = []
          }
          expect(queue.length).toBe(model.length)
          expect(Buffer.compare(queue.bytes, Uint8Array.from(model))).toBe(0)
          seen.push({ view: queue.bytes, copy: queue.bytes.slice() })
        }
        for (const { view, copy } of seen) expect(Buffer.compare(view, copy)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('does not copy a chunk that is pushed into an empty queue, nor write into it', () => {
    const chunk = Uint8Array.of(1, 2, 3)
    const room = new Uint8Array(100)
    room.set(chunk)
    const queue = new ByteQueue()
    queue.push(room.subarray(0, 3))
    expect(queue.bytes.buffer).toBe(room.buffer)
    queue.push(Uint8Array.of(4))
    expect([...queue.bytes]).toEqual([1, 2, 3, 4])
    expect(room[3]).toBe(0)
  })

  it('copies each byte twice at most, however small the chunks', () => {
    const queue = new ByteQueue()
    const one = Uint8Array.of(7)
    let copied = 0
    let buffer = queue.bytes.buffer
    for (let count = 0; count < 300_000; count++) {
      queue.push(one)
      if (queue.bytes.buffer === buffer) continue
      copied += queue.length - 1
      buffer = queue.bytes.buffer
    }
    expect(queue.length).toBe(300_000)
    expect(copied).toBeLessThan(600_000)
  })

  it('keeps no more than twice what waits when it is read as it is filled', () => {
    const queue = new ByteQueue()
    let largest = 0
    for (let count = 0; count < 20_000; count++) {
      queue.push(new Uint8Array(1400))
      while (queue.length > 417) queue.consume(417)
      largest = Math.max(largest, queue.bytes.buffer.byteLength)
    }
    expect(largest).toBeLessThan(16_384)
  })

  it('holds no large buffer for the few bytes that are left of it, unless more may stand behind them there', () => {
    const queue = new ByteQueue()
    const chunk = new Uint8Array(60_000).fill(5)
    queue.push(chunk)
    queue.consume(59_700)
    queue.compact()
    expect(queue.bytes.buffer).not.toBe(chunk.buffer)
    expect(queue.bytes).toEqual(new Uint8Array(300).fill(5))
    queue.clear()
    queue.push(chunk.subarray(0, 50_000))
    queue.consume(49_700)
    queue.compact()
    expect(queue.bytes.buffer).toBe(chunk.buffer)
    queue.consume(300)
    queue.compact()
    expect(queue.bytes.buffer.byteLength).toBe(0)
  })
})
