import { FakeClock } from '@isr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Access, SESSION_COOKIE } from '../../src/security/access.js'
import { isKnownHost } from '../../src/security/hosts.js'
import { mayChange } from '../../src/security/same-origin.js'
import { IsrServer } from '../../src/server.js'
import { startServer } from '../support.js'

describe('Host', () => {
  it('is an address, localhost or a name of ours', () => {
    const ours = new Set(['shed.lan'])
    for (const host of [
      '127.0.0.1',
      '127.0.0.1:8080',
      '[::1]:80',
      'localhost:1',
      'isr.localhost',
      'Shed.LAN:8080',
      'shed.lan.',
    ])
      expect([host, isKnownHost(host, ours)]).toEqual([host, true])
    for (const host of [
      undefined,
      '',
      'evil.example',
      'localhost.evil.example',
      'shed.lan.evil.example',
      'a b',
      '127.0.0.1.evil',
      '[::1',
      '@',
    ])
      expect([host, isKnownHost(host, ours)]).toEqual([host, false])
  })
})

describe('Origin', () => {
  it('lets pages of this server change things, and programs', () => {
    expect(mayChange('GET', { 'sec-fetch-site': 'cross-site' })).toBe(true)
    expect(mayChange('DELETE', {})).toBe(true)
    expect(mayChange('DELETE', { 'sec-fetch-site': 'same-origin', origin: 'http://a:1', host: 'a:1' })).toBe(true)
    expect(mayChange('DELETE', { 'sec-fetch-site': 'same-site' })).toBe(false)
    expect(mayChange('POST', { 'sec-fetch-site': 'cross-site' })).toBe(false)
    expect(mayChange('POST', { origin: 'http://evil', host: 'a:1' })).toBe(false)
    expect(mayChange('POST', { origin: 'http://a:2', host: 'a:1' })).toBe(false)
    expect(mayChange('POST', { origin: 'null', host: 'a:1' })).toBe(false)
  })
})

describe('Access', () => {
  it('admits tokens and sessions, until they end', async () => {
    const clock = new FakeClock()
    const access = new Access('sesame', clock)
    expect(access.admits({}, 'a')).toBe(false)
    expect(access.admits({ authorization: 'Bearer sesame' }, 'a')).toBe(true)
    expect(access.admits({ authorization: 'Bearer sesam' }, 'a')).toBe(false)
    expect(access.login('wrong', 'a')).toBeUndefined()
    const session = access.login('sesame', 'a')
    const cookie = { cookie: `x=1; ${SESSION_COOKIE}=${session}` }
    expect(access.admits(cookie, 'b')).toBe(true)
    await clock.advance(30 * 24 * 3600 * 1000 + 1)
    expect(access.admits(cookie, 'b')).toBe(false)
    const again = { cookie: `${SESSION_COOKIE}=${access.login('sesame', 'a')}` }
    access.logout(again)
    expect(access.admits(again, 'a')).toBe(false)
  })

  it('makes who guesses wait, and nobody else', async () => {
    const clock = new FakeClock()
    const access = new Access('sesame', clock)
    for (let guess = 0; guess < 10; guess++) access.login(`guess ${guess}`, 'a')
    expect(access.login('sesame', 'a')).toBeUndefined()
    expect(access.mustWait('a')).toBe(true)
    expect(access.login('sesame', 'b')).toBeDefined()
    await clock.advance(60_001)
    expect(access.login('sesame', 'a')).toBeDefined()
  })
})

describe('a guarded server', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    served = await startServer({ token: 'sesame' })
  })
  afterAll(() => served.close())

  it('asks for the token, in front of everything', async () => {
    for (const path of ['/api/files', '/stream/x.mp3', '/download/x.mp3', '/nothing']) {
      const { status, json } = await served.json(path)
      expect([path, status]).toEqual([path, 401])
      expect(json).toMatchObject({ error: { code: 'HTTP_TOKEN' } })
    }
    expect((await served.json('/api/files', { authorization: 'Bearer sesame' })).status).toBe(200)
  })

  it('is not known under a strange name', async () => {
    const { status, json } = await served.json('/api/files', { host: 'evil.example', authorization: 'Bearer sesame' })
    expect(status).toBe(421)
    expect(json).toMatchObject({ error: { code: 'HTTP_HOST' } })
    expect((await served.json('/stream/x.mp3', { host: 'evil.example' })).status).toBe(421)
  })

  it('does not listen to the world without a token', async () => {
    const { directory } = served
    await expect(IsrServer.start({ directory, port: 0, host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'ISR_CONFIG_INVALID',
    })
    const open = await IsrServer.start({ directory, port: 0, host: '0.0.0.0', insecure: true })
    await open.close()
  })
})

describe('the login page', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  beforeAll(async () => {
    served = await startServer({ token: 'open sesame' })
  })
  afterAll(() => served.close())

  it('is where a browser lands, and gives a cookie that scripts cannot read', async () => {
    const visit = await served.ask('/', { 'sec-fetch-mode': 'navigate' })
    expect([visit.status, visit.headers.location]).toEqual([303, '/login'])
    const page = await served.ask('/login')
    expect(page.bytes.toString()).toMatch(/<form method="post" action="login">/)
    expect(page.headers['content-security-policy']).toMatch(/default-src 'self'/)
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe-inline/)
    const { status, headers } = await served.ask('/login', form, 'POST', 'token=open%20sesame')
    expect(status).toBe(303)
    const [cookie] = headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^isr_session=[\w-]{43}; .*HttpOnly; SameSite=Strict/)
    const session = { cookie: cookie.split(';')[0] }
    expect((await served.json('/api/files', session)).status).toBe(200)
    expect((await served.ask('/logout', session, 'POST')).status).toBe(303)
    expect((await served.json('/api/files', session)).status).toBe(401)
  })

  it('does not take a wrong token, nor one from another page', async () => {
    expect((await served.json('/login', form, 'POST', 'token=wrong')).status).toBe(401)
    const evil = { ...form, origin: 'http://evil.example' }
    expect((await served.json('/login', evil, 'POST', 'token=open%20sesame')).status).toBe(403)
  })
})
