import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilesAnswer } from '../../src/index.js'
import { startServer } from '../support.js'

describe('DELETE /api/files and POST /api/undo', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const names = async () =>
    ((await served.json('/api/files')).json as FilesAnswer).files.map(({ name }: { name: string }) => name)
  const put = async (name: string, ageSeconds = 100) => {
    const path = join(served.directory, name)
    writeFileSync(path, 'x'.repeat(100))
    utimesSync(path, Date.now() / 1000 - ageSeconds, Date.now() / 1000 - ageSeconds)
    mkdirSync(join(served.directory, 'analyses'), { recursive: true })
    writeFileSync(join(served.directory, 'analyses', `${name}.analysis.json`), '{}')
    await served.server.app.library.refresh()
  }

  beforeAll(async () => {
    served = await startServer()
  })
  afterAll(() => served.close())

  it('takes it out, brings it back, and says when it is too late', async () => {
    await put('1.mp3')
    const { status, json } = await served.json('/api/files/1.mp3', {}, 'DELETE')
    expect(status).toBe(200)
    expect(await names()).toEqual([])
    expect(existsSync(join(served.directory, '1.mp3'))).toBe(false)
    const { undo } = json as { undo: string }
    const ask = () => served.json('/api/undo', { 'content-type': 'application/json' }, 'POST', JSON.stringify({ undo }))
    expect((await ask()).json).toEqual({ name: '1.mp3' })
    expect(await names()).toEqual(['1.mp3'])
    expect((await ask()).status).toBe(410)
  })

  it('keeps what grows, what is not there, and what another page asks for', async () => {
    await put('now.mp3', 0)
    expect((await served.json('/api/files/now.mp3', {}, 'DELETE')).status).toBe(409)
    expect((await served.json('/api/files/none.mp3', {}, 'DELETE')).status).toBe(404)
    expect((await served.json('/api/files/..%2f..%2fetc%2fpasswd', {}, 'DELETE')).status).toBe(404)
    const evil = { origin: 'http://evil.example' }
    expect((await served.json('/api/files/1.mp3', evil, 'DELETE')).status).toBe(403)
    expect((await served.json('/api/files/1.mp3', { 'sec-fetch-site': 'cross-site' }, 'DELETE')).status).toBe(403)
    expect((await served.json('/api/files/1.mp3', { 'x-http-method-override': 'DELETE' }, 'POST')).status).toBe(405)
    expect(await names()).toContain('1.mp3')
  })

  it('is final when the server ends, analysis and all', async () => {
    await served.json('/api/files/1.mp3', {}, 'DELETE')
    await served.server.close()
    expect(existsSync(join(served.directory, 'analyses/1.mp3.analysis.json'))).toBe(false)
    expect(readFileSync(join(served.directory, '.isr/ledger.jsonl'), 'utf8')).toMatch(
      /"type":"removed".*"name":"1.mp3"/,
    )
    served = await startServer()
  })
})
