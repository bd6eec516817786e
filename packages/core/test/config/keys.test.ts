import { describe, expect, it } from 'vitest'
import { isKey, KEYS } from '../../src/config/keys.js'

describe('KEYS', () => {
  it.each(Object.entries(KEYS))('%s has an example that is right', (_, spec) => {
    expect(spec.parse(spec.example)).toEqual({ value: expect.anything() })
  })

  it('is no door to the prototype', () => {
    expect(isKey('url')).toBe(true)
    expect(isKey('constructor')).toBe(false)
    expect(isKey('__proto__')).toBe(false)
  })
})
