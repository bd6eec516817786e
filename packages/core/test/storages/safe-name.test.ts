import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkName, safeComponent, suffixedName } from '../../src/storages/safe-name.js'

describe('safeComponent', () => {
  it.each([
    ['Radio 1', 'Radio 1'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a/b:c', 'a_b_c'],
    ['...', '_'],
    ['', '_'],
    ['.hidden', 'hidden'],
    ['new\nline', 'new_line'],
  ])('%j -> %j', (text, safe) => expect(safeComponent(text)).toBe(safe))

  it('is cut between characters, and leaves no blank or dot at its end', () => {
    expect(safeComponent('ü'.repeat(80), 99)).toBe('ü'.repeat(49))
    expect(safeComponent('📻'.repeat(30), 10)).toBe('📻📻')
    expect(safeComponent(`${'a'.repeat(9)}. b`, 11)).toBe('a'.repeat(9))
    expect(Buffer.byteLength(safeComponent('📻'.repeat(400)))).toBe(240)
  })

  it('always gives a name that storages accept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const safe = safeComponent(text)
        expect(checkName(safe)).toBe(safe)
        expect(safe).not.toContain('/')
      }),
    )
  })
})

describe('suffixedName', () => {
  it.each([
    ['a.mp3', 0, 'a.mp3'],
    ['a.mp3', 2, 'a_2.mp3'],
    ['x.y/a', 1, 'x.y/a_1'],
    ['x/a.b.ogg', 3, 'x/a.b_3.ogg'],
  ])('%s %i -> %s', (name, attempt, result) => expect(suffixedName(name, attempt)).toBe(result))
})
