import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tagText } from '../../../src/formats/tags/tag-text.js'

describe('tagText', () => {
  it('puts a text on one line, without control characters around or in it', () => {
    expect(tagText('  Bj\u00f6rk \u2013 J\u00f3ga\r\n')).toBe('Bj\u00f6rk \u2013 J\u00f3ga')
    expect(tagText('a\0b\u001b[31mc\td\u0085e\u2028f')).toBe('a b [31mc d e f')
    expect(tagText('\0\n \u009f')).toBe('')
  })

  it('cuts between characters, by their bytes', () => {
    expect(tagText('\u{1f3b5}\u{1f3b5}', 7)).toBe('\u{1f3b5}')
    expect(tagText('\u{1f3b5}\u{1f3b5}', 8)).toBe('\u{1f3b5}\u{1f3b5}')
    expect(tagText('\u00e9\u00e9\u00e9', 5)).toBe('\u00e9\u00e9')
    expect(tagText('ab cd', 3)).toBe('ab')
  })

  it('never gives more bytes than asked for, nor anything that breaks a line', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes))
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 60 }), (text, mostBytes) => {
        const result = tagText(text, mostBytes)
        expect(Buffer.byteLength(result)).toBeLessThanOrEqual(mostBytes)
        expect(result).not.toMatch(/[\p{Cc}\u2028\u2029]|^\s|\s$/u)
        expect(tagText(result, mostBytes)).toBe(result)
      }),
    )
  })

  it('looks at no more of a text than it needs', () => {
    expect(tagText('x'.repeat(10_000_000))).toHaveLength(1000)
  })
})
