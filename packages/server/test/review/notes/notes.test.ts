import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Note, NotesAnswer } from '../../../src/index.js'
import { startServer } from '../../support.js'
import { putWav } from '../recording.js'

const NAME = 'garden/20260601_120000.wav'
const AT = (seconds: number) => new Date(Date.parse('2026-06-01T12:00:00Z') + seconds * 1000).toISOString()

describe('/api/notes', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const send = async (method: string, path: string, body?: unknown) =>
    served.json(
      path,
      { 'content-type': 'application/json' },
      method,
      body === undefined ? undefined : JSON.stringify(body),
    )
  const add = async (body: unknown) => (await send('POST', '/api/notes', body)).json as Note
  const list = async (query = '') => (await served.json(`/api/notes?${query}`)).json as NotesAnswer
  const file = () => join(served.directory, 'analyses/notes.json')

  beforeAll(async () => {
    process.env.TZ = 'UTC'
    served = await startServer()
    for (const name of [NAME, 'roof.wav']) putWav(served.directory, name, new Int16Array(80_000), 8000)
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('keeps notes and bookmarks by file and place, and by the wall clock', async () => {
    const note = await add({ text: 'A robin', file: NAME, start: 2.5, end: 4 })
    expect(note).toMatchObject({ kind: 'note', text: 'A robin', file: NAME, start: 2.5, end: 4, at: AT(2.5) })
    const bookmark = await add({ kind: 'bookmark', file: NAME, start: 1 })
    const moment = await add({ text: 'Power cut', at: '2026-06-01T16:00:00+02:00', source: 'attic' })
    expect(moment).toMatchObject({ file: null, at: '2026-06-01T14:00:00.000Z', source: 'attic' })
    const { notes, total } = await list()
    expect(notes.map(({ id }) => id)).toEqual([bookmark.id, note.id, moment.id])
    expect(total).toBe(3)
    expect((await list(`file=${encodeURIComponent(NAME)}`)).total).toBe(2)
    expect((await list('from=2026-06-01T13:00:00Z')).notes).toEqual([moment])
    expect((await list('to=2026-06-01T13:00:00Z&kind=note')).notes).toEqual([note])
    expect((await list('source=attic')).notes).toEqual([moment])
    expect((await list('limit=1&offset=1')).notes).toEqual([note])
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ v: 1, notes: [{}, {}, {}] })
  })

  it('changes and removes them', async () => {
    const { id } = await add({ text: 'first', file: NAME, start: 3 })
    const { json } = await send('PUT', `/api/notes/${id}`, { text: 'second', start: 4 })
    expect(json).toMatchObject({ id, text: 'second', start: 4, at: AT(4) })
    expect((await send('PUT', `/api/notes/${id}`, { text: ' ' })).status).toBe(400)
    expect((await send('PUT', `/api/notes/${id}`, { end: 1 })).status).toBe(400)
    expect((await send('DELETE', `/api/notes/${id}`)).json).toEqual({ id })
    expect((await send('DELETE', `/api/notes/${id}`)).status).toBe(404)
    expect((await send('PUT', `/api/notes/${id}`, { text: 'x' })).status).toBe(404)
    expect((await list()).notes.map((note) => note.id)).not.toContain(id)
  })

  it('protects recordings: nothing removes them', async () => {
    const mark = await add({ kind: 'protected', file: 'roof.wav' })
    expect(mark).toMatchObject({
      kind: 'protected',
      file: 'roof.wav',
      start: null,
      source: expect.any(String) as string,
    })
    expect(await add({ kind: 'protected', file: 'roof.wav' })).toEqual(mark)
    expect((await list('kind=protected')).notes).toEqual([mark])
    expect(JSON.parse(readFileSync(join(served.directory, '.isr/protected.json'), 'utf8'))).toEqual(['roof.wav'])
    const refused = await send('DELETE', '/api/files/roof.wav')
    expect(refused.status).toBe(409)
    expect(refused.json).toMatchObject({
      error: { code: 'HTTP_PROTECTED', message: expect.stringContaining('protected') as string },
    })
    expect(existsSync(join(served.directory, 'roof.wav'))).toBe(true)
    expect((await send('DELETE', `/api/notes/${mark.id}`)).status).toBe(200)
    expect((await send('DELETE', `/api/notes/${mark.id}`)).status).toBe(404)
    expect((await send('PUT', `/api/notes/${mark.id}`, { text: 'x' })).status).toBe(400)
    expect((await send('DELETE', '/api/files/roof.wav')).status).toBe(200)
  })

  it('marks sections as heard, by the file alone unless asked for', async () => {
    const mark = await add({ kind: 'heard', file: NAME, start: 5.2 })
    await add({ kind: 'heard', file: NAME, start: 1.1 })
    await add({ kind: 'heard', file: NAME, start: 5.2 })
    expect((await list()).notes.map(({ kind }) => kind)).not.toContain('heard')
    expect((await list('kind=heard')).notes.map(({ start }) => start)).toEqual([1.1, 5.2])
    const ofFile = (await list(`file=${encodeURIComponent(NAME)}`)).notes.filter(({ kind }) => kind === 'heard')
    expect(ofFile).toHaveLength(2)
    await send('DELETE', `/api/notes/${mark.id}`)
    expect((await list('kind=heard')).total).toBe(1)
  })

  it('gives CSV that a program reads and a spreadsheet does not run', async () => {
    const text = '=HYPERLINK("http://evil.example")\n"quoted", and, more'
    await add({ text, file: NAME, start: 9 })
    const { headers, bytes } = await served.ask(
      '/api/notes?format=csv&from=2026-06-01T12:00:08Z&to=2026-06-01T13:00:00Z',
    )
    expect(headers['content-type']).toMatch(/^text\/csv/)
    expect(headers['content-disposition']).toContain('notes.csv')
    const read =
      'import csv,json,sys,io;print(json.dumps(list(csv.DictReader(io.TextIOWrapper(sys.stdin.buffer,"utf8",newline="")))))'
    const rows = JSON.parse(execFileSync('python3', ['-c', read], { input: bytes }).toString()) as Record<
      string,
      string
    >[]
    expect(rows).toMatchObject([{ kind: 'note', at: AT(9), file: NAME, start: '9', end: '', text: `'${text}` }])
  })

  it('loses none of many that come at the same time, nor those of another server on the same folder', async () => {
    const before = (await list('kind=bookmark')).total
    const other = await startServer({ directory: served.directory })
    try {
      const body = (start: number) => JSON.stringify({ kind: 'bookmark', file: NAME, start })
      const headers = { 'content-type': 'application/json' }
      const both = Array.from({ length: 40 }, (_, at) =>
        (at % 2 ? other : served).json('/api/notes', headers, 'POST', body(at / 10)),
      )
      expect(new Set((await Promise.all(both)).map(({ status }) => status))).toEqual(new Set([201]))
      for (const one of [served, other]) {
        const { total } = (await one.json('/api/notes?kind=bookmark')).json as NotesAnswer
        expect(total).toBe(before + 40)
      }
    } finally {
      await other.close()
    }
    expect(readdirSync(join(served.directory, 'analyses'))).toEqual(['notes.json'])
  })

  it('announces them', async () => {
    const controller = new AbortController()
    const events = fetch(`${served.server.url}/api/events`, { signal: controller.signal })
    const reader = (await events).body!.pipeThrough(new TextDecoderStream()).getReader()
    const { id } = await add({ text: 'told', file: NAME })
    await send('DELETE', `/api/notes/${id}`)
    let text = ''
    while (!text.includes('event: note:removed')) text += (await reader.read()).value ?? ''
    expect(text).toMatch(new RegExp(`event: note:changed\\ndata: \\{.*"id":"${id}"`))
    expect(text).toContain(`data: ${JSON.stringify({ id })}`)
    controller.abort()
  })

  it('refuses what is no note', async () => {
    const status = async (body: unknown) => (await send('POST', '/api/notes', body)).status
    expect(await status({ text: 'nowhere' })).toBe(400)
    expect(await status({ file: NAME })).toBe(400)
    expect(await status({ text: 'x'.repeat(4001), file: NAME })).toBe(400)
    expect(await status({ text: 'x', file: 'none.wav' })).toBe(404)
    expect(await status({ text: 'x', file: '../../etc/passwd' })).toBe(404)
    expect(await status({ text: 'x', file: NAME, start: 5, end: 4 })).toBe(400)
    expect(await status({ kind: 'heard', file: NAME })).toBe(400)
    expect(await status({ kind: 'protected', at: AT(0) })).toBe(400)
    expect(await status({ kind: 'other', file: NAME, text: 'x' })).toBe(400)
    expect(await status([])).toBe(400)
    expect((await served.json('/api/notes/x', { 'sec-fetch-site': 'cross-site' }, 'DELETE')).status).toBe(403)
  })

  it('sets aside what is no file of notes, and never writes over it', async () => {
    const before = readFileSync(file(), 'utf8')
    mkdirSync(join(served.directory, 'analyses'), { recursive: true })
    writeFileSync(file(), '{"v":1,"notes":[{"text":"torn')
    expect((await list()).total).toBe(0)
    await add({ text: 'new', file: NAME })
    expect((await list()).total).toBe(1)
    const aside = readdirSync(join(served.directory, 'analyses')).filter((name) => name.includes('.broken-'))
    expect(aside).toHaveLength(1)
    expect(readFileSync(join(served.directory, 'analyses', aside[0]), 'utf8')).toContain('torn')
    // what a person puts back is there at once
    writeFileSync(file(), before)
    expect((await list()).total).toBe((JSON.parse(before) as { notes: object[] }).notes.length)
  })

  it('forgets marks of what is gone for good, never words', async () => {
    await add({ kind: 'heard', file: NAME, start: 1 })
    const words = (await list('kind=note')).total
    await send('DELETE', `/api/files/${NAME}`)
    await served.server.close()
    const kept = JSON.parse(readFileSync(file(), 'utf8')) as { heard: object; notes: { kind: string }[] }
    expect(kept.heard).toEqual({})
    expect(kept.notes.filter(({ kind }) => kind === 'note')).toHaveLength(words)
    rmSync(served.directory, { recursive: true })
    served = await startServer()
  })
})
