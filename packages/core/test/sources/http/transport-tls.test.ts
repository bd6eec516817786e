/** TLS: verified, always. The certificates are made with openssl. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { FaultServer } from '../../../src/testing/index.js'
import type { FaultConnection } from '../../../src/testing/index.js'
import { drain, open, payload, refused, sameBytes } from './support.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'

const AUDIO = payload(100_000)
let folder = ''

/** A self-signed certificate. */
function certificate(name: string, altName: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const files = ['-keyout', key, '-out', cert, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${altName}`]
  execFileSync('openssl', [...request, ...files], { stdio: 'pipe' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

async function live(connection: FaultConnection): Promise<void> {
  await connection.respond({ 'content-type': 'audio/mpeg' })
  await connection.write(AUDIO)
  await connection.end()
}

describeWithTools(['openssl'], 'TLS', () => {
  let own: { key: string; cert: string }
  let foreign: { key: string; cert: string }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'isr-tls-'))
    own = certificate('own', 'IP:127.0.0.1')
    foreign = certificate('foreign', 'DNS:elsewhere.example')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('refuses a self-signed certificate, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    await using server = await FaultServer.start(live, { tls: own })
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    for (const value of ['1', '0']) {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = value
      for (const path of ['live', 'live.m3u']) {
        const error = await refused({ url: server.url + path })
        expect(error).toMatchObject({ code: 'ISR_SOURCE_TLS', source: 'test', retryable: true })
        expect(error.message).toContain('self-signed')
      }
    }
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    expect(server.connections.every((connection) => connection.sentBytes === 0)).toBe(true)
    await server.whenIdle()
  })

  it('records from a server whose certificate is trusted, playlist included', async () => {
    await using server = await FaultServer.start(
      async (connection) => {
        if (connection.request.path !== '/x.m3u') return live(connection)
        await connection.respond({ 'content-type': 'audio/x-mpegurl' })
        await connection.write('/live')
        return connection.end()
      },
      { tls: own },
    )
    for (const path of ['live', 'x.m3u']) {
      const { bytes, error } = await drain(await open({ url: server.url + path, trustedCertificates: [own.cert] }))
      expect(error).toBeUndefined()
      expect(sameBytes(bytes, AUDIO)).toBe('same')
    }
    await server.whenIdle()
  })

  it('refuses a certificate that has expired, though it is trusted', async () => {
    const [request, cert] = [join(folder, 'expired.csr'), join(folder, 'expired.pem')]
    const [key, alt] = [join(folder, 'own.key'), join(folder, 'alt')]
    writeFileSync(alt, 'subjectAltName=IP:127.0.0.1')
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
    openssl('req', '-new', '-key', key, '-out', request, '-subj', '/CN=expired')
    openssl('x509', '-req', '-in', request, '-signkey', key, '-extfile', alt, '-days', '-1', '-out', cert)
    const expired = { key: own.key, cert: readFileSync(cert, 'utf8') }
    await using server = await FaultServer.start(live, { tls: expired })
    const error = await refused({ url: server.url, trustedCertificates: [expired.cert] })
    expect(error).toMatchObject({ code: 'ISR_SOURCE_TLS', retryable: true })
    expect(error.message).toContain('expired')
    expect(server.connections.every((connection) => connection.sentBytes === 0)).toBe(true)
  })

  it('refuses a trusted certificate of another host', async () => {
    await using server = await FaultServer.start(live, { tls: foreign })
    const error = await refused({ url: server.url, trustedCertificates: [foreign.cert] })
    expect(error.code).toBe('ISR_SOURCE_TLS')
    expect(error.message).toContain('another host name')
  })

  it('tells a server that speaks no TLS', async () => {
    await using server = await FaultServer.start((connection) => connection.write('HTTP/1.0 400 Bad\r\n\r\n'), {
      answer: 'connect',
    })
    expect((await refused({ url: server.url.replace('http:', 'https:') })).code).toBe('ISR_SOURCE_TLS')
  })

  it('tells a connection that breaks in the handshake', async () => {
    await using server = await FaultServer.start((connection) => connection.reset(), { answer: 'connect' })
    expect((await refused({ url: server.url.replace('http:', 'https:') })).code).toBe('ISR_SOURCE_RESET')
  })

  it('closes at an abort amid the body', async () => {
    await using server = await FaultServer.start(
      async (connection) => {
        await connection.respond({ 'content-type': 'audio/mpeg' })
        await connection.write(AUDIO)
      },
      { tls: own },
    )
    const controller = new AbortController()
    const connection = await open({ url: server.url, trustedCertificates: [own.cert] }, controller.signal)
    const { error } = await drain(connection, () => controller.abort())
    expect(error).toBeUndefined()
    await server.whenIdle()
  })
})
