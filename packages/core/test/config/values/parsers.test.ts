import { describe, expect, it } from 'vitest'
import * as parsers from '../../../src/config/values/parsers.js'

const { choice, command, httpUrl, httpUrls, number, path, quoted, timeZone, yesOrNo } = parsers

describe('number', () => {
  const decimal = number({ min: 0, aboveMin: true, max: 100 })
  const whole = number({ min: 1, max: 8, whole: true })

  it.each([
    ['60', 60],
    ['0.05', 0.05],
    ['.5', 0.5],
    ['5.', 5],
    ['+7', 7],
    ['1e1', 10],
    ['007', 7],
  ])('reads %s', (text, value) => {
    expect(decimal(text)).toEqual({ value })
  })

  it.each([
    ['abc', '"abc" is not a number'],
    ['0x10', 'is not a number'],
    ['Infinity', 'is not a number'],
    ['nan', 'is not a number'],
    ['1_000', 'is not a number'],
    ['1 2', 'is not a number'],
    ['0,5', 'decimals follow a point'],
    ['60 # an hour', 'a comment needs a line of its own'],
    ['60 ; an hour', 'a comment needs a line of its own'],
    ['60 min', 'the unit is part of the key'],
    ['60s', 'the unit is part of the key'],
    ['0', 'too small, it must be more than 0'],
    ['-1', 'too small'],
    ['100.1', 'too large, it can be 100 at most'],
    ['1e999', 'too large'],
  ])('refuses %s', (text, fault) => {
    expect(decimal(text)).toEqual({ fault: expect.stringContaining(fault) })
  })

  it('takes its limits, and decimals only where they make sense', () => {
    expect(whole('1')).toEqual({ value: 1 })
    expect(whole('8')).toEqual({ value: 8 })
    expect(whole('2.0')).toEqual({ value: 2 })
    expect(whole('2.5')).toEqual({ fault: '"2.5" is not a whole number' })
    expect(whole('0')).toEqual({ fault: '"0" is too small, it must be at least 1' })
    expect(whole('9')).toEqual({ fault: '"9" is too large, it can be 8 at most' })
  })
})

describe('choice', () => {
  const level = choice(['DEBUG', 'INFO', 'WARNING'], { warn: 'WARNING' })

  it('takes its words and aliases in any case', () => {
    expect(level('info')).toEqual({ value: 'INFO' })
    expect(level('Warn')).toEqual({ value: 'WARNING' })
  })

  it('names its words and the nearest', () => {
    expect(choice(['stream', 'file'])('steam')).toEqual({
      fault: '"steam" is none of stream, file',
      mend: 'did you mean stream?',
    })
    expect(level('loud')).toEqual({ fault: '"loud" is none of DEBUG, INFO, WARNING' })
  })
})

describe('yesOrNo', () => {
  it('takes the words of getboolean', () => {
    for (const text of ['yes', 'True', 'ON', '1']) expect(yesOrNo(text)).toEqual({ value: true })
    for (const text of ['no', 'False', 'OFF', '0']) expect(yesOrNo(text)).toEqual({ value: false })
    expect(yesOrNo('ja')).toEqual({ fault: '"ja" is neither yes nor no' })
  })
})

describe('path', () => {
  it('takes any path, and doubts ~ and quotes', () => {
    expect(path('/srv/my recordings#1')).toEqual({ value: '/srv/my recordings#1' })
    expect(path('~/rec')).toEqual({ value: '~/rec', warning: expect.stringContaining('~ is not replaced') })
    expect(path('"rec"')).toEqual({ value: '"rec"', warning: expect.stringContaining('quotes') })
    expect(path('a\0b')).toEqual({ fault: expect.stringContaining('NUL') })
  })
})

describe('httpUrls', () => {
  it.each([
    ['http://one/a', ['http://one/a']],
    ['http://one/a, http://two/b', ['http://one/a', 'http://two/b']],
    ['http://one/a,https://two/b', ['http://one/a', 'https://two/b']],
    ['http://one/a,b;c http://two/b,', ['http://one/a,b;c', 'http://two/b']],
    ['http://one/a,\nhttp://two/b', ['http://one/a', 'http://two/b']],
  ])('reads %j', (text, value) => {
    expect(httpUrls(text)).toEqual({ value })
  })

  it('says which is wrong, and no secret', () => {
    const read = httpUrls('http://one/a, ftp://user:secret@two/b?key=hidden')
    expect(read).toMatchObject({ fault: expect.stringMatching(/^address 2: "ftp:\/\/two.* is not http or https/) })
    expect(JSON.stringify(read)).not.toMatch(/secret|hidden/)
  })
})

describe('httpUrl', () => {
  it.each([
    'http://host/live',
    'https://host:8443/a/b.m3u?x=1&y=2;z#fragment',
    'HTTP://HOST/',
    'http://user:p%40ss@host/live',
    'http://[::1]:8000/live',
    'http://häuser.example/ö',
    'http://host/100%',
  ])('takes %s verbatim', (text) => {
    expect(httpUrl(text)).toEqual({ value: text })
  })

  it.each([
    ['ftp://host/a', 'is not http or https'],
    ['file:///etc/passwd', 'is not http or https'],
    ['host/live', 'does not begin with http://'],
    ['//host/live', 'does not begin with http://'],
    ['localhost:8000/live', 'does not begin with http://'],
    ['http://', 'is not a valid address'],
    ['http://host:99999/', 'is not a valid address'],
    ['http://host/a b', 'white space'],
    ['http://host/a # mine', 'a comment needs a line of its own'],
    ['"http://host/"', 'write it without them'],
  ])('refuses %s', (text, words) => {
    expect(JSON.stringify(httpUrl(text))).toContain(words)
    expect(httpUrl(text)).toHaveProperty('fault')
  })

  it.each([
    'ftp://bob:s3cret@host/a',
    'bob:s3cret@host/a',
    'http://bob:s3cret@host:99999/',
    'http://bob:s3/cret@host:99999/',
    'ftp://host/a?token=s3cret',
    'http://bob:s3cret@ho st/',
  ])('never repeats the secret of %s', (text) => {
    expect(httpUrl(text)).toHaveProperty('fault')
    expect(JSON.stringify(httpUrl(text))).not.toMatch(/s3cret|s3\/cret/)
  })
})

describe('timeZone', () => {
  it('takes IANA names and UTC', () => {
    for (const zone of ['UTC', 'Europe/Vienna', 'America/Argentina/Buenos_Aires'])
      expect(timeZone(zone)).toEqual({ value: zone })
  })

  it('suggests what is near', () => {
    expect(timeZone('Europe/Viena')).toMatchObject({ mend: 'did you mean Europe/Vienna?' })
    expect(timeZone('new york')).toMatchObject({ mend: 'did you mean America/New_York?' })
    expect(timeZone('Mars/Olympus')).toEqual({ fault: '"Mars/Olympus" is no time zone that this system knows' })
    expect(timeZone('+01:00')).toHaveProperty('fault')
  })
})

describe('command', () => {
  it('gives words or says what is wrong', () => {
    expect(command('a "b c"')).toEqual({ value: ['a', 'b c'] })
    expect(command('a | b')).toHaveProperty('fault')
  })
})

describe('quoted', () => {
  it('keeps foreign text on one short line', () => {
    expect(quoted('a\u001b[31m\nb')).toBe('"a\\u001b[31m\\nb"')
    expect(quoted('x'.repeat(1000))).toHaveLength(62)
  })
})
