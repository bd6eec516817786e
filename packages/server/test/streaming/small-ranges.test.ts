import { truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest } from '../hostile/support/raw.js'
import { startServer, type Answer } from '../support.js'

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31 + (index >> 8)) & 255))
const path = '/stream/a.mp3'
const old = (file: string) => utimesSync(file, 1e9, 1e9)

describe('small parts of what was asked for a moment ago', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  let file: string
  beforeAll(async () => {
    served = await startServer()
    file = join(served.directory, 'a.mp3')
    writeFileSync(file, bytes)
    old(file)
    await served.server.app.library.refresh()
  })
  afterAll(() => served.close())
  const said = ({ status, headers, bytes: body }: Answer) => {
    const { date: _, ...rest } = headers
    return { status, headers: rest, body: body.toString('latin1') }
  }

  it('are answered exactly as on the long way', async () => {
    const { headers } = await served.ask(path, { range: 'bytes=0-0' })
    const etag = String(headers.etag)
    const changed = String(headers['last-modified'])
    const ranges = [
      ...['0-0', '0-4095', '65536-131071', '65536-131072', '299999-299999', '299000-400000', '300000-300001'],
      ...['5-4', '-5', '5-', '0-1,5-6', '00-01', '0-999999999999999', '0-9999999999999999', ' 0-1', ''],
    ]
    const conditions: Record<string, string>[] = [
      {},
      { 'if-range': etag },
      { 'if-range': '"other"' },
      { 'if-range': changed },
      { 'if-none-match': etag },
      { 'if-none-match': '"other"' },
      { 'if-modified-since': changed },
    ]
    let small = 0
    for (const range of ranges)
      for (const [index, condition] of conditions.entries())
        for (const method of ['GET', 'HEAD']) {
          const sent = { range: `bytes=${range}`, ...condition }
          const short = await served.ask(path, sent, method)
          // a URL that was never asked for goes the long way
          const long = await served.ask(`${path}?${method}-${index}-${encodeURIComponent(range)}`, sent, method)
          expect(said(short), `${method} ${range} ${JSON.stringify(condition)}`).toEqual(said(long))
          if (method === 'GET' && short.status === 206) small++
        }
    expect(small).toBeGreaterThan(30)
  })

  it('are right byte for byte for many players at once, slow ones among them', async () => {
    const { port } = new URL(served.server.url)
    const players = Array.from({ length: 20 }, (_, player) => {
      const asked = Array.from({ length: 60 }, (_, turn) => {
        const start = (player * 7919 + turn * 4099) % 230_000
        return [start, start + 1 + ((player * 31 + turn * 977) % 65_536)] as const
      })
      return new Promise<void>((resolve, reject) => {
        const heard: Buffer[] = []
        const socket = connect(Number(port), '127.0.0.1')
        socket.on('error', reject)
        socket.on('data', (part) => heard.push(part))
        socket.on('close', () => {
          const all = Buffer.concat(heard)
          let at = 0
          for (const [start, end] of asked) {
            const body = all.indexOf('\r\n\r\n', at) + 4
            expect(all.toString('latin1', at, body)).toContain(`Content-Range: bytes ${start}-${end - 1}/300000`)
            expect(all.subarray(body, body + end - start).equals(bytes.subarray(start, end))).toBe(true)
            at = body + end - start
          }
          expect(all.toString('latin1', at)).toMatch(/^HTTP\/1\.1 404 /)
          resolve()
        })
        const lines = asked.map(
          ([start, end]) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=${start}-${end - 1}\r\n\r\n`,
        )
        socket.write(lines.join('') + rawRequest('GET /stream/none.mp3'))
        if (player % 2 === 0) socket.pause()
        setTimeout(() => socket.resume(), 50)
      })
    })
    await Promise.all(players)
  })

  it('are counted, and are for nobody who may not come in', async () => {
    const guarded = await startServer({ directory: served.directory, token: 'long-enough' })
    const asked = { range: 'bytes=0-9', authorization: 'Bearer long-enough' }
    for (let turn = 0; turn < 3; turn++) expect((await guarded.ask(path, asked)).status).toBe(206)
    expect((await guarded.ask(path, { range: 'bytes=0-9' })).status).toBe(401)
    expect((await guarded.ask(path, { ...asked, host: 'evil.example' })).status).toBe(421)
    const { bytes: text } = await guarded.ask('/metrics', asked)
    expect(text.toString()).toContain('isr_http_requests_total{status="206"} 3\n')
    await guarded.close()
  })

  it('are of the file as it is: longer, shorter, removed', async () => {
    const range = { range: 'bytes=1000-1003' }
    const said = async () => {
      const { status, headers } = await served.ask(path, range)
      return `${status} ${headers['content-range'] ?? ''}`
    }
    writeFileSync(file, Buffer.alloc(400_000, 1))
    // what was looked at is believed for a second
    await expect.poll(said, { timeout: 20_000 }).toBe('206 bytes 1000-1003/400000')
    expect((await served.ask(path, range)).bytes).toEqual(Buffer.alloc(4, 1))
    // nobody has noticed: what is announced cannot be sent, and the client must not take less for all of it
    truncateSync(file, 1002)
    await expect(served.ask(path, range)).rejects.toThrow()
    const settled = () => said().catch(() => 'nothing')
    await expect.poll(settled, { timeout: 20_000 }).toBe('206 bytes 1000-1001/1002')
    await served.ask('/api/files/a.mp3', {}, 'DELETE')
    expect(await said()).toBe('404 ')
  })
})
