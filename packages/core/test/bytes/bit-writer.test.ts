import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BitReader } from '../../src/bytes/bit-reader.js'
import { BitWriter } from '../../src/bytes/bit-writer.js'

describe('BitWriter', () => {
  it('writes what a reader reads', () => {
    const field = fc
      .integer({ min: 0, max: 32 })
      .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 0, max: 2 ** count - 1 })))
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const writer = new BitWriter()
        for (const [count, value] of fields) writer.write(value, count)
        const reader = new BitReader(writer.bytes())
        expect(fields.map(([count]) => reader.read(count))).toEqual(fields.map(([, value]) => value))
        expect(writer.position).toBe(reader.position)
        expect(writer.bytes()).toHaveLength(Math.ceil(writer.position / 8))
      }),
    )
  })

  it('fills up to whole bytes with zeros', () => {
    const writer = new BitWriter()
    writer.align()
    expect(writer.position).toBe(0)
    writer.write(0b101, 3)
    writer.align()
    writer.write(0xff, 8)
    expect([...writer.bytes()]).toEqual([0b10100000, 0xff])
  })
})
