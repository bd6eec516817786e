import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Note } from '../../src/index.js'
import { rawRequest, talk } from './support/raw.js'
import { notesAttacks, otherAttacks, peaksAttacks, spanAttacks, spectrogramAttacks } from './support/review.js'
import { attack, openFilesUnder, startRoom, type Attack, type Room } from './support/room.js'

const descriptors = () => readdirSync('/proc/self/fd').length
const groups: Readonly<Record<string, () => readonly Attack[]>> = {
  waveforms: peaksAttacks,
  spectrograms: spectrogramAttacks,
  'days and sections': spanAttacks,
  notes: notesAttacks,
  'feeds, streams, metrics': otherAttacks,
}

describe('hostile questions of review', () => {
  let room: Room
  let before: string[]
  let log = 0
  beforeAll(async () => {
    const { pino } = await import('pino')
    room = await startRoom({ log: pino({ level: 'error' }, { write: () => void log++ }) })
    before = room.tree()
  })
  afterAll(() => room.close())

  it.each(Object.keys(groups))('%s: each is answered as it must be', async (name) => {
    const attacks = groups[name]()
    expect(attacks.length).toBeGreaterThan(80)
    expect(await attack(room, attacks)).toEqual([])
    expect(room.tree()).toEqual(before)
  })

  it('are many, and none was a fault of the server', () => {
    const count = [...room.seen.values()].reduce((sum, one) => sum + one, 0)
    expect(count).toBeGreaterThan(700)
    expect([...room.seen.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([])
    expect(log).toBe(0)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('hold nobody up: a plain request is answered at once meanwhile', async () => {
    const median = async () => {
      let working = true
      const work = attack(room, [...peaksAttacks(), ...spectrogramAttacks(), ...spanAttacks()]).then(
        () => (working = false),
      )
      const waits: number[] = []
      while (working) {
        const began = performance.now()
        expect((await room.ask('/api/config')).status).toBe(200)
        waits.push(performance.now() - began)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await work
      return waits.sort((one, other) => one - other)[Math.floor(waits.length * 0.9)]
    }
    // a machine that others use may be late once
    await expect.poll(median, { timeout: 50_000, interval: 0 }).toBeLessThan(500)
  })

  it('words of notes are data: they come back as they were, and a spreadsheet runs none', async () => {
    const texts = [
      '<script>alert(1)</script>',
      '=HYPERLINK("http://evil")',
      '+1',
      '-1',
      '@SUM(1)',
      '"\r\n,x',
      '\u202e',
      '{{7*7}}',
    ]
    const type = { 'content-type': 'application/json' }
    const ids: string[] = []
    for (const text of texts) {
      const body = JSON.stringify({ kind: 'note', text, file: 'garden/20260601_120000.wav', start: 1 })
      const { status, json } = await room.json('/api/notes', type, 'POST', body)
      expect([status, (json as Note).text]).toEqual([201, text])
      ids.push((json as Note).id)
    }
    const { headers, bytes } = await room.ask('/api/notes?format=csv')
    expect(headers['content-disposition']).toBe('attachment; filename="notes.csv"')
    expect(bytes.toString()).not.toMatch(/(^|,)"?[=+@-](?!\d\d:)/m)
    for (const id of ids) expect((await room.ask(`/api/notes/${id}`, {}, 'DELETE')).status).toBe(200)
    expect(JSON.parse(readFileSync(join(room.directory, 'analyses/notes.json'), 'utf8'))).toMatchObject({ notes: [] })
  })

  it('events go on from any id, however strange, and end with their listener', async () => {
    const ids = [
      '',
      'x',
      '.',
      '..',
      '1',
      'x.NaN',
      'x.-1',
      'x.1e999',
      '__proto__',
      `x.${'9'.repeat(400)}`,
      'y'.repeat(6000),
      '\u00ff',
    ]
    const open = descriptors()
    for (const id of ids)
      await new Promise<void>((resolve, reject) => {
        const headers = { 'last-event-id': id, connection: 'close' }
        const asked = get(
          { port: room.port, host: '127.0.0.1', path: '/api/events?levels=1', agent: false, headers },
          (answer) => {
            expect([id.slice(0, 20), answer.statusCode]).toEqual([id.slice(0, 20), 200])
            answer.once('data', () => {
              asked.destroy()
              resolve()
            })
            answer.on('error', () => {})
          },
        )
        asked.on('error', reject)
      })
    await expect
      .poll(() => descriptors() - openFilesUnder(room.outside).length, { timeout: 10_000 })
      .toBeLessThanOrEqual(open)
  })

  it('pipelined with each other they come in order', async () => {
    const line = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
    const mixed = line('/api/days') + line('/api/sections?limit=x') + line('/api/peaks?file=none') + line('/api/notes')
    const { statuses } = await talk(room.port, mixed.repeat(25) + rawRequest('GET /metrics'))
    expect(statuses).toEqual([...Array.from({ length: 25 }, () => [200, 400, 404, 200]).flat(), 200])
  })
})
