import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../support.js'

const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 31 + (index >> 8)) & 255))

describe('GET /stream and /download', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const name = 'a b/größe 100%.mp3'
  const path = `/stream/${encodeURIComponent(name)}`

  beforeAll(async () => {
    served = await startServer()
    mkdirSync(join(served.directory, 'a b'))
    writeFileSync(join(served.directory, name), bytes)
    writeFileSync(join(served.directory, 'secret.txt'), 'secret')
    await new Promise((resolve) => setTimeout(resolve, 10))
    const old = Date.now() / 1000 - 100
    ;(await import('node:fs')).utimesSync(join(served.directory, name), old, old)
    await served.server.app.library.refresh()
  })
  afterAll(() => served.close())

  it('sends the whole file', async () => {
    const { status, headers, bytes: body } = await served.ask(path)
    expect(status).toBe(200)
    expect(body.equals(bytes)).toBe(true)
    expect(headers).toMatchObject({
      'content-type': 'audio/mpeg',
      'content-length': '700000',
      'accept-ranges': 'bytes',
      'content-disposition': `inline; filename="gr__e 100_.mp3"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20100%25.mp3`,
    })
    const saved = await served.ask(path.replace('/stream/', '/download/'))
    expect(saved.headers['content-disposition']).toMatch(/^attachment; /)
    expect(saved.bytes.equals(bytes)).toBe(true)
  })

  it('sends parts, from the first byte to the last', async () => {
    const spans = [
      [0, 1],
      [0, 65_536],
      [1000, 70_000],
      [262_143, 262_145],
      [100, 600_000],
      [699_999, 700_000],
    ]
    for (const [start, end] of spans) {
      const { status, headers, bytes: body } = await served.ask(path, { range: `bytes=${start}-${end - 1}` })
      expect(status).toBe(206)
      expect(headers['content-range']).toBe(`bytes ${start}-${end - 1}/700000`)
      expect(body.equals(bytes.subarray(start, end))).toBe(true)
    }
    const last = await served.ask(path, { range: 'bytes=-5' })
    expect(last.bytes.equals(bytes.subarray(-5))).toBe(true)
  })

  it('sends several parts in one answer', async () => {
    const { status, headers, bytes: body } = await served.ask(path, { range: 'bytes=0-9,300000-599999,-3' })
    expect(status).toBe(206)
    const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(headers['content-type'] ?? '')?.[1]
    expect(Number(headers['content-length'])).toBe(body.length)
    const parts = body.toString('latin1').split(`--${boundary}`)
    expect(parts).toHaveLength(5)
    const payload = (part: string) => part.slice(part.indexOf('\r\n\r\n') + 4, -2)
    expect(payload(parts[1])).toBe(bytes.subarray(0, 10).toString('latin1'))
    expect(payload(parts[2])).toBe(bytes.subarray(300_000, 600_000).toString('latin1'))
    expect(payload(parts[3])).toBe(bytes.subarray(-3).toString('latin1'))
    expect(parts[3]).toContain('Content-Range: bytes 699997-699999/700000')
  })

  it('says in JSON that a part is not there', async () => {
    const { status, headers, json } = await served.json(path, { range: 'bytes=700000-' })
    expect(status).toBe(416)
    expect(headers['content-range']).toBe('bytes */700000')
    expect(json).toMatchObject({ error: { code: 'HTTP_RANGE' } })
  })

  it('knows what a client has already', async () => {
    const { headers } = await served.ask(path, {}, 'HEAD')
    expect(headers['content-length']).toBe('700000')
    const etag = String(headers.etag)
    expect((await served.ask(path, { 'if-none-match': etag })).status).toBe(304)
    expect((await served.ask(path, { 'if-none-match': '"other"' })).status).toBe(200)
    expect((await served.ask(path, { 'if-modified-since': String(headers['last-modified']) })).status).toBe(304)
    expect((await served.ask(path, { range: 'bytes=0-0', 'if-range': etag })).status).toBe(206)
    expect((await served.ask(path, { range: 'bytes=0-0', 'if-range': '"other"' })).status).toBe(200)
  })

  it('answers only for recordings', async () => {
    symlinkSync('/etc/passwd', join(served.directory, 'link.mp3'))
    await served.server.app.library.refresh()
    const asked = [
      'secret.txt',
      'link.mp3',
      '..%2f..%2fetc%2fpasswd',
      '../../etc/passwd',
      '%2e%2e/x',
      '',
      '%00',
      'a%20b',
    ]
    for (const one of [...asked, '.isr/ledger.jsonl', '__proto__', 'constructor']) {
      const { status, json } = await served.json(`/stream/${one}`)
      expect([one, status]).toEqual([one, 404])
      expect(json).toMatchObject({ error: { code: 'HTTP_NOT_FOUND' } })
    }
    expect((await served.json('/stream/%ff')).status).toBe(400)
  })

  it('notices that a file is gone before the library does', async () => {
    writeFileSync(join(served.directory, 'soon.mp3'), bytes)
    await served.server.app.library.refresh()
    unlinkSync(join(served.directory, 'soon.mp3'))
    const { status } = await served.json('/stream/soon.mp3')
    expect([404, 503]).toContain(status)
  })
})
