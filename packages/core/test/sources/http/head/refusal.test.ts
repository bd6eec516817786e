import { describe, expect, it } from 'vitest'

import { parseRetryAfter, refusalError } from '../../../../src/sources/http/head/refusal.js'

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0)

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 12:01:00 GMT', 60_000],
    ['Sunday, 22-Nov-26 12:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2020 12:01:00 GMT', 0],
    ['999999999999', 86_400_000],
    ['Sun, 22 Nov 2099 12:01:00 GMT', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j ms', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected)
  })
})

describe('refusalError', () => {
  it('says who, what and why in one clean line', () => {
    const url = new URL('http://user:pw@h/live?key=1')
    const answer = { url, protocol: 'HTTP/1.1', status: 503, reason: '', retryAfter: '7' }
    const error = refusalError(answer, NOW)
    expect(error.message).toBe('http://h/live?key=*** answered 503 Service Unavailable')
    expect(error.retryAfterMs).toBe(7000)
    expect(refusalError({ ...answer, status: 799, reason: ` ${'x\n'.repeat(500)}` }, NOW).message.length).toBeLessThan(
      150,
    )
  })
})
