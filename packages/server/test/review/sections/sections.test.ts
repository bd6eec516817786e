import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilesAnswer, SectionsAnswer } from '../../../src/index.js'
import { startServer } from '../../support.js'
import { analysisOf, putAnalysis, putWav } from '../recording.js'

const at = (clock: string) => `2026-06-01T${clock}.000Z`
const NAMES = ['a/20260601_100000.wav', 'b/20260601_100030.wav', 'a/20260601_110000.wav', 'b/20260601_120000.wav']

describe('GET /api/sections', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const sections = async (query = '') => (await served.json(`/api/sections?${query}`)).json as SectionsAnswer
  const starts = ({ sections: found }: SectionsAnswer) => found.map(({ file, start }) => `${file.slice(0, 1)} ${start}`)

  beforeAll(async () => {
    process.env.TZ = 'UTC'
    served = await startServer()
    for (const name of NAMES) putWav(served.directory, name, new Int16Array(60 * 100), 100)
    const one = (start: number, score: number) => ({ start, end: start + 2, peak: 0.5, score })
    putAnalysis(served.directory, NAMES[0], analysisOf([one(1, 12), one(40, 30)]))
    putAnalysis(served.directory, NAMES[1], analysisOf([one(5.5, 20)]))
    putAnalysis(served.directory, NAMES[2], {
      duration: 60,
      window_ms: 100,
      threshold: 0.05,
      min_gap: 2,
      rms_display: [0.1],
      sections: [{ start: 10, end: 11, peak: 0.1 }],
    })
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('puts the sections of all files in order of time, with their wall clock', async () => {
    const answer = await sections()
    expect(starts(answer)).toEqual(['a 1', 'b 5.5', 'a 40', 'a 10'])
    expect(answer).toMatchObject({ total: 4, analysed: 3, missing: [NAMES[3]], missingTotal: 1 })
    expect(answer.sections[1]).toEqual({
      file: NAMES[1],
      source: answer.sections[1].source,
      start: 5.5,
      end: 7.5,
      from: '2026-06-01T10:00:35.500Z',
      to: '2026-06-01T10:00:37.500Z',
      utcOffset: '+00:00',
      peak: 0.5,
      score: 20,
      heard: false,
    })
  })

  it('puts the highest first, above a score, page by page', async () => {
    expect(starts(await sections('order=score'))).toEqual(['a 40', 'b 5.5', 'a 1', 'a 10'])
    // the program before kept no score
    expect((await sections('order=score')).sections[3].score).toBeCloseTo(-20, 6)
    expect(starts(await sections('order=score&min_score=15'))).toEqual(['a 40', 'b 5.5'])
    const page = await sections('order=score&limit=2&offset=1')
    expect(starts(page)).toEqual(['b 5.5', 'a 1'])
    expect(page.total).toBe(4)
  })

  it('gives those of a span and a source', async () => {
    expect(starts(await sections(`from=${at('10:00:36')}&to=${at('10:30:00')}`))).toEqual(['b 5.5', 'a 40'])
    expect(starts(await sections(`from=${at('10:00:37')}&to=${at('10:00:40')}`))).toEqual(['b 5.5'])
    const [{ source }] = (await sections()).sections
    const ofOne = await sections(`source=${encodeURIComponent(source)}`)
    expect(ofOne.sections.every((one) => one.source === source)).toBe(true)
    expect((await sections('source=none')).total).toBe(0)
  })

  it('knows what was heard, however the sections were found', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ kind: 'heard', file: NAMES[0], start: 40.5 })
    await served.json('/api/notes', headers, 'POST', body)
    expect((await sections()).sections.map(({ heard }) => heard)).toEqual([false, false, true, false])
  })

  it('follows analyses that come, change and go, and is not disturbed by what is none', async () => {
    const { json } = await served.json(`/api/analyze?file=${encodeURIComponent(NAMES[3])}`)
    expect(json).toMatchObject({ sections: [] })
    expect(await sections()).toMatchObject({ analysed: 4, missing: [] })
    putAnalysis(served.directory, NAMES[3], '{"torn":')
    rmSync(join(served.directory, 'analyses', `${NAMES[1]}.analysis.json`))
    await served.server.close()
    served = await startServer({ directory: served.directory })
    expect(await sections()).toMatchObject({ analysed: 2, missing: [NAMES[3], NAMES[1]] })
    for (const value of [[], 5, { sections: 1 }, { duration: 1, sections: [{}] }, { duration: 1, sections: [null] }]) {
      putAnalysis(served.directory, NAMES[1], value)
      expect((await sections()).analysed).toBe(2)
      rmSync(join(served.directory, 'analyses', `${NAMES[1]}.analysis.json`))
      expect((await sections()).missing).toContain(NAMES[1])
    }
    // of a file of that name that had another size
    putAnalysis(served.directory, NAMES[1], { ...analysisOf([]), file: { bytes: 5, modified: 0 } })
    expect((await sections()).missing).toContain(NAMES[1])
  })

  it('tells of analyses in lists', async () => {
    const list = async (query = '') => ((await served.json(`/api/files${query}`)).json as FilesAnswer).files
    const rows = new Map((await list()).map((row) => [row.name, row.analysis]))
    expect(rows.get(NAMES[0])).toEqual({
      detector: 'adaptive',
      threshold: null,
      minGap: 1,
      sections: 2,
      highlights: 2,
      topScore: 30,
    })
    expect(rows.get(NAMES[2])).toMatchObject({ detector: 'threshold', threshold: 0.05, minGap: 2, sections: 1 })
    expect(rows.get(NAMES[3])).toBeNull()
    const { headers } = await served.json('/api/files')
    await served.json(`/api/analyze?file=${encodeURIComponent(NAMES[2])}&threshold=0.2&min_gap=3`)
    const again = await served.ask('/api/files', { 'if-none-match': String(headers.etag) })
    expect(again.status).toBe(200)
    expect((await list('?limit=2'))[1].analysis).toMatchObject({ threshold: 0.2, minGap: 3, sections: 0 })
  })

  it('refuses nonsense', async () => {
    for (const query of ['order=loud', 'limit=0', 'limit=10001', 'from=yesterday', 'min_score=x', 'offset=-1'])
      expect((await served.json(`/api/sections?${query}`)).status, query).toBe(400)
  })
})
