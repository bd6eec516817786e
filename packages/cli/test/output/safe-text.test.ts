import { describe, expect, it } from 'vitest'
import { printable, redactorOf } from '../../src/output/safe-text.js'
import { sourceConfig } from '../support/fake-station.js'

describe('printable', () => {
  it('keeps text on its line and its hands off the terminal', () => {
    expect(printable('a\u001b[2J\r\nb\u0007\u009bc')).toBe('a [2J b c')
    expect(printable('evil\u202etxt.exe\u2066\u2028')).toBe('evil txt.exe')
    expect(printable('Björk – 日本 🎵')).toBe('Björk – 日本 🎵')
  })
})

describe('redactorOf', () => {
  it('hides passwords, as they are and as they travel', () => {
    const redact = redactorOf({ sources: [sourceConfig('radio', { username: 'me', password: 'p@ss word' })] })
    const login = Buffer.from('me:p@ss word').toString('base64')
    expect(redact(`no p@ss word, p%40ss%20word, ${login} here`)).toBe('no ***, ***, *** here')
    expect(redact('radio me')).toBe('radio me')
  })

  it('hides the password of an address', () => {
    const redact = redactorOf({ sources: [sourceConfig('radio', { url: 'http://me:s%3Acret@host/live' })] })
    expect(redact('http://me:s%3Acret@host/live s:cret')).toBe('http://me:***@host/live ***')
  })

  it('hides the passwords of mirrors', () => {
    const mirrors = ['http://host/live', 'http://me:hidden@host2/live']
    const redact = redactorOf({ sources: [sourceConfig('radio', { mirrors })] })
    expect(redact('goes on with http://me:hidden@host2/live')).toBe('goes on with http://me:***@host2/live')
  })

  it('hides what signs hooks, and the passwords of their addresses', () => {
    const hooks = { gap: { url: 'https://me:pazz@h.example/x' }, secret: 'key-of-hooks' }
    const redact = redactorOf({ sources: [sourceConfig('radio', { hooks })] })
    expect(redact('key-of-hooks, https://me:pazz@h.example/x')).toBe('***, https://me:***@h.example/x')
  })

  it('hides nothing that is too short or public', () => {
    const sources = [sourceConfig('radio nord', { password: 'nord' }), sourceConfig('b', { password: 'abc' })]
    expect(redactorOf({ sources })('nord abc')).toBe('nord abc')
  })

  it('hides the longer of two secrets whole', () => {
    const sources = [sourceConfig('a', { password: 'secret' }), sourceConfig('b', { password: 'secret-two' })]
    expect(redactorOf({ sources })('x secret-two y')).toBe('x *** y')
  })
})
