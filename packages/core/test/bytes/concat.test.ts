import { expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/concat.js'

it('concatBytes joins, and copies a single part not at all', () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]
  expect([...concatBytes(parts)]).toEqual([1, 2, 3])
  expect(concatBytes([parts[0]])).toBe(parts[0])
  expect(concatBytes([])).toHaveLength(0)
})
