import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { requestHead } from '../../../../src/sources/http/head/request-head.js'
import { VERSION } from '../../../../src/version.js'

describe('requestHead', () => {
  it('names hosts as they are written in URLs, with ports that are not standard', () => {
    const host = (url: string) => /^Host: (.*)\r$/m.exec(requestHead(new URL(url), { titles: true }))![1]
    expect(host('http://radio.example/')).toBe('radio.example')
    expect(host('http://radio.example:80/')).toBe('radio.example')
    expect(host('https://radio.example:80/')).toBe('radio.example:80')
    expect(host('http://[2001:db8::1]:8000/x')).toBe('[2001:db8::1]:8000')
    expect(host('http://Bücher.example/')).toBe('xn--bcher-kva.example')
  })

  it('cannot be made to hold a line that is not ours', () => {
    const head = requestHead(new URL('http://h/a\r\nX-Evil: 1\r\n/ü?b=\r\nc#\r\nd'), {
      titles: false,
      authorization: 'Basic eA==',
    })
    expect(head).not.toContain('\r\nX-Evil')
    expect(head.split('\r\n').length).toBe(9)
    expect(head.endsWith('\r\n\r\n')).toBe(true)
  })

  it('tells the version that package.json tells', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(VERSION).toBe(manifest.version)
  })
})
