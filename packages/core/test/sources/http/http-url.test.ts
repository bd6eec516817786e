import { describe, expect, it } from 'vitest'

import { defaultSourceName, parseHttpUrl } from '../../../src/sources/http/http-url.js'

describe('parseHttpUrl', () => {
  it.each(['http://h', ' https://h:8000/x?y#z ', 'HTTP://H/', 'http://user:p%20w@[::1]:8000/'])('takes %j', (url) => {
    expect(parseHttpUrl(url).hostname).not.toBe('')
  })

  it.each([
    '',
    'radio.example/live',
    'ftp://h/x',
    'file:///etc/passwd',
    'alsa:default',
    'http://',
    'http://h:99999/',
    'http://a b/',
  ])('refuses %j', (url) => {
    expect(() => parseHttpUrl(url)).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
  })

  it.each([
    'http://user:hunter2@',
    'http://user:hunter2@h:bad/x',
    'http://user:hunt/hunter2@h?t=hunter2',
    'user:hunter2@h',
    'ftp://u:hunter2@h/',
  ])('does not show the password of %j', (url) => {
    try {
      parseHttpUrl(url)
      expect.unreachable()
    } catch (error) {
      const { message, stack, cause } = error as Error
      expect(`${message} ${stack} ${String(cause)} ${JSON.stringify(error)}`).not.toContain('hunter2')
    }
  })
})

describe('defaultSourceName', () => {
  it.each([
    ['https://radio.example/live.mp3', 'radio.example-live.mp3'],
    ['http://127.0.0.1:8000/', '127.0.0.1-8000'],
    ['http://user:secret@radio.example/a/b?token=secret', 'radio.example-a-b'],
    ['http://[::1]:8000/x', '1-8000-x'],
    ['http://h/%C3%BC%2F..%2F%00', 'h-ü'],
    ['http://h/%ff', 'h-ff'],
    [`http://h/${'x'.repeat(500)}`, `h-${'x'.repeat(78)}`],
  ])('makes of %s: %s', (url, name) => {
    expect(defaultSourceName(new URL(url))).toBe(name)
  })
})
