import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjoining, Slab } from '../../src/bytes/slab.js'

describe('Slab', () => {
  it('gives zero bytes that nobody else has', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3000), fc.nat(70_000)), { maxLength: 60, size: 'max' }), (lengths) => {
        const slab = new Slab()
        const parts = lengths.map((length, index) => {
          const part = slab.take(length)
          expect(part.every((byte) => byte === 0)).toBe(true)
          return part.fill((index % 255) + 1)
        })
        for (const [index, part] of parts.entries()) {
          expect(part.length).toBe(lengths[index])
          expect(part.every((byte) => byte === (index % 255) + 1)).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives them back to back, so that they are one without a copy', () => {
    const slab = new Slab()
    const parts = [slab.take(10).fill(1), slab.take(20).fill(2), slab.take(30).fill(3)]
    const whole = adjoining(parts)!
    expect([...whole]).toEqual(parts.flatMap((part) => [...part]))
    parts[1][0] = 9
    expect(whole[10]).toBe(9)
    expect(adjoining([parts[0], parts[2]])).toBeUndefined()
    expect(adjoining([parts[0], slab.take(100_000)])).toBeUndefined()
    expect(adjoining([])).toBeUndefined()
  })
})
