import { describe, expect, it } from 'vitest'
import { Recent } from '../../src/review/recent.js'

describe('Recent', () => {
  it('keeps what was used lately', () => {
    const recent = new Recent<number>(2)
    recent.set('a', 1)
    recent.set('b', 2)
    expect(recent.get('a')).toBe(1)
    recent.set('c', 3)
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3])
  })

  it('counts weights, also of what replaces another, and keeps the latest however heavy', () => {
    const recent = new Recent<string>(5, ({ length }) => length)
    recent.set('a', 'xx')
    recent.set('a', 'xxx')
    recent.set('b', 'xx')
    expect([recent.get('a'), recent.get('b')]).toEqual(['xxx', 'xx'])
    recent.set('c', 'xxxxxxxxx')
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, undefined, 'xxxxxxxxx'])
    recent.delete('c')
    recent.set('d', 'xxxxx')
    expect(recent.get('d')).toBe('xxxxx')
  })
})
