import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEYS } from '../../../src/config/keys.js'
import { editDistance, nearest } from '../../../src/config/values/nearest.js'

const keys = Object.keys(KEYS)

describe('nearest', () => {
  it.each([
    ['split_minute', 'split_minutes'],
    ['splitminutes', 'split_minutes'],
    ['split-minutes', 'split_minutes'],
    ['Output_Directory', 'output_directory'],
    ['output_dir', 'output_directory'],
    ['max_retry', 'max_retries'],
    ['ulr', 'url'],
    ['pasword', 'password'],
    ['time_zone', 'timezone'],
    ['retry_delay', 'retry_delay_seconds'],
  ])('takes %s for %s', (slip, key) => {
    expect(nearest(slip, keys)).toBe(key)
  })

  it.each(['colour', 'x', '', 'zzzzzzzzzz', 'enabled'])('finds nothing like "%s"', (word) => {
    expect(nearest(word, keys)).toBeUndefined()
  })

  it('finds each key after any one change', () => {
    const change = fc.record({ key: fc.constantFrom(...keys), at: fc.nat(), letter: fc.constantFrom('x', '') })
    fc.assert(
      fc.property(change, ({ key, at, letter }) => {
        const index = at % key.length
        const slip = key.slice(0, index) + letter + key.slice(index + 1)
        expect(nearest(slip, [key])).toBe(key)
      }),
    )
  })
})

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('abc', 'abc')).toBe(0)
    expect(editDistance('abcd', 'abd')).toBe(1)
    expect(editDistance('abcd', 'abxd')).toBe(1)
    expect(editDistance('abcd', 'acbd')).toBe(1)
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })

  it('is the same both ways', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => editDistance(a, b) === editDistance(b, a)))
  })
})
