import { describe, expect, it } from 'vitest'

import { authorizationFor, takeCredentials } from '../../../src/sources/http/credentials.js'

describe('credentials', () => {
  const seenBy = (scope: string, other: string) =>
    authorizationFor(new URL(other), takeCredentials(new URL(scope))) !== undefined

  it('are taken out of the URL', () => {
    const url = new URL('http://us%40er:p%3Aw@h/x')
    const credentials = takeCredentials(url)
    expect(url.href).toBe('http://h/x')
    expect(credentials!.authorization).toBe(`Basic ${Buffer.from('us@er:p:w').toString('base64')}`)
    expect(takeCredentials(new URL('http://h/'))).toBeUndefined()
    expect(takeCredentials(new URL('http://u%ff@h/'))!.authorization).toBe(
      `Basic ${Buffer.from('u%ff:').toString('base64')}`,
    )
  })

  it('go to the host and port they are for, and to its standard https', () => {
    expect(seenBy('http://u:p@h/a', 'http://h/b')).toBe(true)
    expect(seenBy('http://u:p@h:8000/a', 'http://h:8000/b')).toBe(true)
    expect(seenBy('http://u:p@h/a', 'https://h/b')).toBe(true)
    expect(seenBy('http://u:p@h/a', 'http://h:81/b')).toBe(false)
    expect(seenBy('http://u:p@h:8000/a', 'https://h/b')).toBe(false)
    expect(seenBy('https://u:p@h/a', 'http://h/b')).toBe(false)
    expect(seenBy('http://u:p@h/a', 'http://sub.h/b')).toBe(false)
    expect(seenBy('http://u:p@h/a', 'http://h.evil/b')).toBe(false)
  })
})
