import { describe, expect, it } from 'vitest'

import { HttpSource } from '../../src/sources/http/http-source.js'
import { sourceFromUrl } from '../../src/sources/url.js'

describe('sourceFromUrl', () => {
  it('makes an HttpSource with a readable name', () => {
    const source = sourceFromUrl('https://user:secret@radio.example:8443/live.mp3?token=secret')
    expect(source).toBeInstanceOf(HttpSource)
    expect(source.name).toBe('radio.example-8443-live.mp3')
    expect(sourceFromUrl(new URL('http://h/'), 'my radio').name).toBe('my radio')
  })

  it.each(['rtsp://h/x', 'radio', '', 'file:///tmp/x', 'http://'])('refuses %j', (url) => {
    expect(() => sourceFromUrl(url)).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
  })

  it('leaves the given URL as it is, and shows no secret when printed', async () => {
    const url = new URL('http://user:hunter2@h/')
    const source = sourceFromUrl(url)
    expect(url.password).toBe('hunter2')
    const { inspect } = await import('node:util')
    expect(inspect(source, { depth: 9, showHidden: true }) + JSON.stringify(source)).not.toContain('hunter2')
  })
})
