import { describe, expect, it } from 'vitest'
import { filenamePattern } from '../../../src/config/values/filename-pattern.js'

describe('filenamePattern', () => {
  it.each([
    '%Y%m%d_%H%M%S',
    '%Y/%m/%d/rec_%H%M%S',
    '%A %-d. %B %Y',
    '100%%_%H%M',
    '%%Y%H',
    '%s',
    '%:z %H',
    '%G-W%V-%u %H',
    '%EY %Od',
    'a..b/%H',
    `${'n'.repeat(98)}%H`,
  ])('takes %s as it is', (pattern) => {
    expect(filenamePattern(pattern)).toEqual({ value: pattern })
  })

  it.each([
    ['%%Y%%m%%d_%%H%%M%%S', '%Y%m%d_%H%M%S'],
    ['%%Y/rec_%%H', '%Y/rec_%H'],
  ])('takes %s, written for interpolation, as %s with a warning', (pattern, value) => {
    expect(filenamePattern(pattern)).toEqual({ value, warning: expect.stringContaining('every % is doubled') })
  })

  it.each(['recording', '100%%', 'a%%'])('warns that %s holds no time', (pattern) => {
    expect(filenamePattern(pattern)).toEqual({ value: pattern, warning: expect.stringContaining('holds no time') })
  })

  it.each(['.%H', '%Y/.hidden/%H'])('warns that files of %s are hidden', (pattern) => {
    expect(filenamePattern(pattern)).toEqual({ value: pattern, warning: expect.stringContaining('hidden') })
  })

  it('warns of what is no code', () => {
    expect(filenamePattern('%Y%Q')).toEqual({ value: '%Y%Q', warning: expect.stringContaining('%Q is no code') })
  })

  it.each([
    ['/abs/%Y', 'begins with /'],
    ['%Y/', 'no file name'],
    ['../%Y', 'leaves the output directory'],
    ['%Y/../../%m', 'leaves the output directory'],
    ['%Y%', 'lone %'],
    ['%Y%%%', 'lone %'],
    ['%Y%-', 'lone %'],
    ['%Y%n', 'control characters'],
    ['%Y%t', 'control characters'],
    ['%Y\u0007', 'control characters'],
    ['%Y\\%m', 'divided by /'],
    ['%Y//%m', 'without a name'],
    ['./%Y', 'without a name'],
    ['%Y/./%m', 'without a name'],
    [`${'n'.repeat(99)}%H`, 'too long'],
    [`${'ü'.repeat(60)}/%H`, 'too long'],
  ])('refuses %s', (pattern, fault) => {
    expect(filenamePattern(pattern)).toMatchObject({ fault: expect.stringContaining(fault), mend: expect.any(String) })
  })
})
