import { request, type IncomingHttpHeaders } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ErrorBody, IsrServer, type ServerOptions } from '../src/index.js'
import { endpoints } from '../src/routes/index.js'

/** A whole answer. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

/** A server on a folder of its own. */
export async function startServer(options: Partial<ServerOptions> = {}) {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'isr-server-'))
  const server = await IsrServer.start({ directory, port: 0, ...options })
  const { port } = new URL(server.url)
  /** The path goes out as it is written here: nothing is normalised. */
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } }
      const sent = request(options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  const json = async (path: string, headers?: Record<string, string>, method?: string, body?: string) => {
    const answer = await ask(path, headers, method, body)
    const value: unknown = JSON.parse(answer.bytes.toString())
    expectDescribed(method ?? 'GET', path, answer.status, value)
    return { ...answer, json: value as never }
  }
  const close = async () => {
    await server.close()
    if (!options.directory) rmSync(directory, { recursive: true, force: true })
  }
  return { directory, server, ask, json, close }
}

/** The API's own description is held against every real answer. */
function expectDescribed(method: string, path: string, status: number, value: unknown): void {
  const plain = path.replace(/\?.*/, '')
  const entry = endpoints.find(
    (one) => one.method === method.toLowerCase() && new RegExp(`^${one.path.replace(/[*:]\w+/g, '.+')}$`).test(plain),
  )
  const schema = entry?.answers[status]?.schema ?? ErrorBody
  const { error } = schema.safeParse(value)
  expect(error, `${method} ${path}: ${status} is not what is described`).toBeUndefined()
}
