import { writeFileSync, utimesSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IsrApp } from '../../src/index.js'
import { startServer } from '../support.js'

describe('a path of its own', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    served = await startServer({ basePath: '/my/recordings', token: 'long-enough' })
    writeFileSync(join(served.directory, 'a.mp3'), 'x'.repeat(100))
    utimesSync(join(served.directory, 'a.mp3'), 1e9, 1e9)
    await served.server.app.library.refresh()
  })
  afterAll(() => served.close())
  const token = { authorization: 'Bearer long-enough' }
  const visit = { 'sec-fetch-mode': 'navigate' }

  it('is in the address that is told', () => {
    expect(served.server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/my\/recordings\/$/)
  })

  it('answers below it, and without it for a proxy that takes it away', async () => {
    for (const path of ['/my/recordings', '']) {
      const page = await served.ask(`${path}/`, token)
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      // all that the page needs is named relative to it
      expect(page.bytes.toString()).not.toMatch(/(src|href|action)="?\//)
      for (const [, needed] of page.bytes.toString().matchAll(/(?:src|href)="([^"#]+)"/g))
        expect((await served.ask(`${path}/${needed}`, token)).status, needed).toBe(200)
      expect((await served.ask(`${path}/api/files`, token)).status).toBe(200)
      expect((await served.ask(`${path}/stream/a.mp3`, token)).bytes).toHaveLength(100)
      expect((await served.ask(`${path}/stream/a.mp3`)).status).toBe(401)
      expect((await served.ask(`${path}/healthz`)).status).not.toBe(401)
    }
    for (const path of ['/my', '/my/recordingsx/api/files', '/my/recordings/my/recordings/api/files'])
      expect((await served.ask(path, token)).status, path).toBe(404)
  })

  it('gets its slash', async () => {
    const { status, headers } = await served.ask('/my/recordings?q=//evil', token)
    expect([status, headers.location]).toEqual([308, '/my/recordings/?q=//evil'])
  })

  it('is where people log in, whatever the proxy hands on', async () => {
    for (const path of ['/my/recordings/', '/']) {
      const { status, headers } = await served.ask(path, visit)
      expect([status, headers.location]).toEqual([303, '/my/recordings/login'])
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status, headers } = await served.ask('/login', form, 'POST', 'token=long-enough')
    expect([status, headers.location]).toEqual([303, '/my/recordings/'])
  })

  it('may be any path of an Express application', async () => {
    const isr = await IsrApp.open({ directory: served.directory })
    const app = express().use('/audio', isr.router)
    app.get('/', (_, response) => void response.send('mine'))
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await (await fetch(origin)).text()).toBe('mine')
    expect((await fetch(`${origin}/audio`, { redirect: 'manual' })).headers.get('location')).toBe('/audio/')
    expect(await (await fetch(`${origin}/audio/`)).text()).toContain('<title>')
    expect(await (await fetch(`${origin}/audio/feed.m3u`)).text()).toContain(`${origin}/audio/stream/a.mp3`)
    expect(await (await fetch(`${origin}/audio/stream/a.mp3`)).text()).toHaveLength(100)
    await new Promise((resolve) => server.close(resolve).closeAllConnections())
    await isr.close()
  })
})
