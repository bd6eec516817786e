import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { printable, redactText, redactUrl } from '../../src/sources/redact.js'

describe('redactUrl', () => {
  it.each([
    ['http://h/x', 'http://h/x'],
    ['http://user:pw@h:8000/x', 'http://h:8000/x'],
    ['http://user@h/@live', 'http://h/@live'],
    ['http://h/x?token=abc&b&c=d=e#frag', 'http://h/x?token=***&***&c=***'],
    ['http://h:port/x?t=s', 'http://h:port/x?***'],
    ['http://us:er@pw@h:port/x', 'http://h:port/x'],
    ['user:pw@h', 'user:***'],
    ['data:audio/mpeg,secret', 'data:***'],
    ['no url', 'no url'],
  ])('of %j is %j', (url, expected) => {
    expect(redactUrl(url)).toBe(expected)
  })

  it('shows no password and no query value, whatever they are', () => {
    const secret = fc.string({ minLength: 4, unit: fc.constantFrom(...'sEcReT9%20-_~!') }).map((text) => `S3${text}Z`)
    fc.assert(
      fc.property(secret, secret, (password, token) => {
        for (const shown of [
          redactUrl(`http://user:${encodeURIComponent(password)}@h/x?token=${encodeURIComponent(token)}`),
          redactUrl(new URL(`https://${encodeURIComponent(password)}@h/x?${encodeURIComponent(token)}`)),
          redactText(`cannot open 'http://u:${encodeURIComponent(password)}@h/x?k=${encodeURIComponent(token)}': no`),
        ]) {
          for (const hidden of [password, token, encodeURIComponent(password), encodeURIComponent(token)]) {
            expect(shown).not.toContain(hidden)
          }
        }
      }),
    )
  })
})

describe('redactText', () => {
  it('redacts every URL and leaves the rest', () => {
    expect(redactText('a rtsp://u:p@h/x b (https://h/?t=1) c')).toBe('a rtsp://h/x b (https://h/?t=*** c')
  })
})

describe('printable', () => {
  it('is one short line without control characters', () => {
    expect(printable('a\r\n\tb\0\x1b[31mc\u2028d\x9b ')).toBe('a b [31mc d')
    expect(printable('x'.repeat(1000), 10)).toBe('xxxxxxxxx…')
  })
})
