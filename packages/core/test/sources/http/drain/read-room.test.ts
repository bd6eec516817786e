import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ByteQueue } from '../../../../src/bytes/byte-queue.js'
import { readRoom, StreamSlab } from '../../../../src/sources/http/drain/read-room.js'
import { payload } from '../support.js'

function keep(slab: StreamSlab, bytes: Uint8Array): Uint8Array {
  readRoom.set(bytes)
  expect(slab.add(bytes.length)).toBe(undefined)
  return slab.take()
}

describe('StreamSlab', () => {
  it('keeps what it was given, whatever becomes of the room it was read into', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 30 }), (lengths) => {
        const slab = new StreamSlab()
        const kept = lengths.map((length, index) => keep(slab, payload(length, index + 1)))
        readRoom.fill(0)
        kept.forEach((bytes, index) => expect(Buffer.compare(bytes, payload(lengths[index], index + 1))).toBe(0))
      }),
      { numRuns: 20 },
    )
  })

  it('gives what was added as one, in the order in which it was added', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.boolean()), { maxLength: 60 }), (adds) => {
        const slab = new StreamSlab()
        const given: Uint8Array[] = []
        const all = adds.map(([length, isTaken], index) => {
          readRoom.set(payload(length, index + 1))
          const before = slab.add(length)
          if (before) given.push(before)
          if (isTaken) given.push(slab.take())
          expect(slab.isEmpty).toBe(isTaken)
          return payload(length, index + 1)
        })
        readRoom.fill(0)
        if (!slab.isEmpty) given.push(slab.take())
        expect(Buffer.compare(Buffer.concat(given), Buffer.concat(all))).toBe(0)
        expect(given.every(({ length }) => length > 0)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('lets a queue join the reads without copying them, from one slab to the next too', () => {
    const slab = new StreamSlab()
    const queue = new ByteQueue()
    const all = payload(400_000)
    let at = 0
    for (let read = 0; read < 40; read++) {
      const bytes = keep(slab, all.subarray(read * 10_000, (read + 1) * 10_000))
      queue.push(bytes)
      expect(queue.bytes.buffer).toBe(bytes.buffer)
      expect(Buffer.compare(queue.bytes, all.subarray(at, (read + 1) * 10_000))).toBe(0)
      queue.consume(queue.length - 700)
      at = (read + 1) * 10_000 - 700
    }
  })

  it('gives a queue that holds more than the headroom a copy, and goes on without copies later', () => {
    const slab = new StreamSlab()
    const queue = new ByteQueue()
    const all = payload(300_000)
    for (let at = 0; at < 300_000; at += 10_000) {
      queue.push(keep(slab, all.subarray(at, at + 10_000)))
      if (at === 100_000) queue.consume(queue.length - 500)
      expect(Buffer.compare(queue.bytes, all.subarray(at + 10_000 - queue.length, at + 10_000))).toBe(0)
    }
  })
})
