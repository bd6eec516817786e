import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copyToShared } from '../../src/bytes/copy-to-shared.js'

it('copies as set does, wherever both stand', () => {
  const place = fc.integer({ min: 0, max: 40 })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), place, place, (content, from, at) => {
      const source = new Uint8Array(from + content.length)
      source.set(content, from)
      const ours = Buffer.from(new SharedArrayBuffer(400)).fill(0xa5)
      const expected = new Uint8Array(400).fill(0xa5)
      copyToShared(ours, at, source.subarray(from))
      expected.set(content, at)
      expect([...ours]).toEqual([...expected])
    }),
  )
})
