import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { get } from 'node:http'
import { join } from 'node:path'
import { configOrThrow, parseConfig, Station } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DaysAnswer, FileRow, PeaksAnswer, SectionsAnswer, StatusAnswer } from '../src/index.js'
import { startServer } from './support.js'

/** A real recorder and the server beside it. */
describe('a server beside its recorder', () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-beside-'))
  let station: Station
  let served: Awaited<ReturnType<typeof startServer>>

  beforeAll(async () => {
    const text = `[general]\noutput_directory = ${directory}\nsplit_minutes = 0.03\nformat = wav\n[tone]\ntype = signal\n`
    station = new Station({ config: configOrThrow(parseConfig(text)) })
    served = await startServer({ directory, station })
    station.start()
    await until(async () => (await list()).some(({ state }) => state === 'closed'))
  })
  afterAll(async () => {
    await served.close()
    await station.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const list = async () => ((await served.json('/api/files')).json as { files: FileRow[] }).files
  const until = async (holds: () => Promise<boolean>) => {
    for (let turn = 0; turn < 400; turn++) {
      if (await holds()) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('it never came')
  }

  it('lists closed and growing files, with ETag', async () => {
    const files = await list()
    const closed = files.filter(({ state }) => state === 'closed')
    expect(closed[0]).toMatchObject({ source: 'tone', format: 'wav', active: false, channels: 2 })
    expect(closed[0].durationSeconds).toBeGreaterThan(0)
    await until(async () => (await list()).some(({ active }) => active))
    const { headers } = await served.json('/api/files?limit=1')
    const again = await served.ask('/api/files?limit=1', { 'if-none-match': String(headers.etag) })
    expect([200, 304]).toContain(again.status)
  })

  it('says what the recorder does, and that all is well', async () => {
    const { json } = await served.json('/api/status')
    expect(json as StatusAnswer).toMatchObject({ recording: true, sources: [{ source: 'tone', state: 'recording' }] })
    expect((await served.json('/healthz')).json).toEqual({ ok: true, failing: 0 })
    const metrics = (await served.ask('/metrics')).bytes.toString()
    expect(metrics).toMatch(/^isr_source_state\{source="tone",state="recording"\} 1$/m)
    expect(metrics).toMatch(/^isr_durability_lag_seconds\{source="tone"\} [\d.]+$/m)
    expect(metrics).toMatch(/^isr_buffered_seconds\{source="tone"\} [\d.]+$/m)
    expect(metrics).toMatch(/^isr_storage_failing\{source="tone"\} 0$/m)
    expect(metrics).toMatch(/^# TYPE isr_source_seams_total counter$/m)
    expect(metrics).toMatch(/^isr_source_seams_total\{source="tone"\} 0$/m)
    expect(metrics).toMatch(/^isr_source_gaps_total\{source="tone"\} 0$/m)
    expect(metrics).toMatch(/^isr_source_discarded_bytes_total\{source="tone",reason="duplicate"\} 0$/m)
    expect(metrics).toMatch(/^isr_source_received_bytes_total\{source="tone"\} \d{4,}$/m)
    expect(metrics).toMatch(/^isr_http_requests_total\{status="200"\} \d+$/m)
  })

  it('says so while the volume takes nothing', async () => {
    const status = station.status
    const storage = { failingSince: Date.UTC(2026, 0, 1), code: 'ISR_STORAGE_FULL' }
    const failing = { ...status, sources: status.sources.map((one) => ({ ...one, storage, bufferedSeconds: 7 })) }
    const look = vi.spyOn(station, 'status', 'get').mockReturnValue(failing)
    try {
      const { json } = await served.json('/api/status')
      expect((json as StatusAnswer).sources[0].storage).toEqual({
        failingSince: '2026-01-01T00:00:00.000Z',
        code: 'ISR_STORAGE_FULL',
      })
      const health = await served.json('/healthz')
      expect([health.status, health.json]).toEqual([503, { ok: false, failing: 1 }])
      const metrics = (await served.ask('/metrics')).bytes.toString()
      expect(metrics).toMatch(/^isr_storage_failing\{source="tone"\} 1$/m)
      expect(metrics).toMatch(/^isr_buffered_seconds\{source="tone"\} 7$/m)
    } finally {
      look.mockRestore()
    }
  })

  it('serves a growing file as a valid one of its length so far', async () => {
    let name = ''
    await until(async () => {
      const active = (await list()).find((file) => file.active && (file.durationSeconds ?? 0) > 0.3)
      name = active?.name ?? ''
      return active !== undefined
    })
    const { status, headers, bytes } = await served.ask(`/stream/${encodeURIComponent(name)}`)
    expect(status).toBe(200)
    expect(bytes.length).toBe(Number(headers['content-length']))
    expect(bytes.toString('latin1', 0, 4)).toBe('RIFF')
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8)
    if (headers.etag === undefined) expect(headers['cache-control']).toBe('no-store')
  })

  it('announces what happens, and what was missed', async () => {
    const follow = (headers: Record<string, string>, enough: (text: string) => boolean, query = '') =>
      new Promise<string>((resolve, reject) => {
        const request = get(`${served.server.url}/api/events${query}`, { headers }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part
            if (enough(text)) {
              request.destroy()
              resolve(text)
            }
          })
        })
        request.on('error', (error) => (request.destroyed ? undefined : reject(error)))
      })
    const first = await follow({}, (text) => /event: recording:open[^]*\n\n$/.test(text))
    const [id] = /(?<=id: )\S+/.exec(first) ?? []
    const missed = await follow({ 'Last-Event-ID': String(id) }, (text) => (text.match(/^id: /gm) ?? []).length >= 3)
    const ids = [...missed.matchAll(/^id: (\S+)$/gm)].map(([, one]) => Number(one.split('.')[1]))
    expect(ids[0]).toBe(Number(String(id).split('.')[1]) + 1)
    expect(ids).toEqual(ids.map((_, index) => ids[0] + index))
    expect(await follow({ 'Last-Event-ID': 'other.5' }, (text) => text.includes('event: '))).toContain('event: reset')
    const levels = await follow({}, (text) => text.includes('event: level'), '?levels=1')
    expect(levels).toMatch(/event: level\ndata: .*"rmsDb":\[/)
  })

  it('reviews what it records: waveforms while it grows, sections and levels when it is closed', async () => {
    await until(async () => {
      const active = (await list()).find((file) => file.active)
      if (!active) return false
      const { json } = await served.json(`/api/peaks?file=${encodeURIComponent(active.name)}&from=0&to=2&points=10`)
      return (json as PeaksAnswer).max.some((one) => one !== null && one > 0)
    })
    await until(async () => ((await served.json('/api/sections')).json as SectionsAnswer).analysed > 0)
    const analysed = (await list()).filter(({ analysis }) => analysis)
    expect(analysed[0].analysis).toMatchObject({ detector: 'adaptive', threshold: null })
    const { days } = (await served.json('/api/days?levels=1440')).json as DaysAnswer
    expect(days[0].sources[0].levels?.some((one) => one !== null && one > -120)).toBe(true)
  })

  it('describes itself', async () => {
    const { json } = await served.json('/api/openapi.json')
    const { paths } = json as { paths: Record<string, unknown> }
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/files', '/api/status', '/stream/{name}']))
  })
})
