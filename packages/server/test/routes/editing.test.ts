import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../support.js'
import { wavOf } from '../../../../tests/support/wav.js'

const RATE = 8000
/** Ten seconds: every sample tells its place, loud from second 4 to 5. */
const samples = Int16Array.from({ length: RATE * 10 }, (_, at) =>
  at >= RATE * 4 && at < RATE * 5 ? (at % 2 ? 20_000 : -20_000) : (at % 101) - 50,
)

describe('cut, clip, export and analyze', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const name = 'garden/20260601_120000.wav'
  const file = encodeURIComponent(name)
  const payload = (wav: Buffer) => wav.subarray(wav.indexOf('data') + 8)
  const madeFolders = () => readdirSync(tmpdir()).filter((one) => one.startsWith('isr-made-'))

  beforeAll(async () => {
    served = await startServer()
    mkdirSync(join(served.directory, 'garden'))
    const path = join(served.directory, name)
    writeFileSync(path, wavOf(samples, RATE))
    utimesSync(path, Date.now() / 1000 - 100, Date.now() / 1000 - 100)
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('cuts to the sample, named by the wall clock', async () => {
    const before = madeFolders()
    const { status, headers, bytes } = await served.ask(`/api/cut?file=${file}&start=2.5&end=4.25`)
    expect(status).toBe(200)
    expect(headers['content-disposition']).toMatch(/attachment; filename="garden_2026-06-01_12-00-02.wav"/)
    const data = payload(bytes).subarray(0, 1.75 * RATE * 2)
    expect(data.equals(Buffer.from(samples.slice(2.5 * RATE, 4.25 * RATE).buffer))).toBe(true)
    const saved = join(served.directory, 'cut.tmp')
    writeFileSync(saved, bytes)
    const list = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', saved])
    expect(Number(list)).toBe(1.75)
    await expect.poll(madeFolders).toEqual(before)
  })

  it('gives clips of exact length', async () => {
    const { headers, bytes } = await served.ask(`/api/clip?file=${file}&start=1&end=1.5`)
    expect(headers['content-type']).toBe('audio/wav')
    expect(payload(bytes).equals(Buffer.from(samples.slice(RATE, 1.5 * RATE).buffer))).toBe(true)
  })

  it('analyses, keeps the analysis, and finds what is loud', async () => {
    const { json } = await served.json(`/api/analyze?file=${file}&threshold=0.1&min_gap=1`)
    expect(json).toMatchObject({
      duration: 10,
      window_ms: 100,
      threshold: 0.1,
      min_gap: 1,
      sections: [{ start: 4, end: 5 }],
    })
    expect(existsSync(join(served.directory, 'analyses', `${name}.analysis.json`))).toBe(true)
    expect((await served.json(`/api/analyze?file=${file}`)).json).toMatchObject({ detector: { name: 'adaptive' } })
  })

  it('says what is wrong with a question', async () => {
    const asked = {
      [`/api/cut?file=${file}&start=3&end=2`]: 400,
      [`/api/cut?file=${file}&start=x&end=2`]: 400,
      [`/api/cut?file=${file}&start=1`]: 400,
      [`/api/cut?file=${file}&start=1&end=2&file=y`]: 400,
      [`/api/cut?file=${file}&start=50&end=60`]: 400,
      '/api/cut?file=none.wav&start=1&end=2': 404,
      '/api/clip?file=..%2f..%2fetc%2fpasswd&start=1&end=2': 404,
      [`/api/clip?file=${file}&start=0&end=601`]: 400,
      '/api/export?source=none&from=2026-01-01&to=2026-01-02': 404,
      '/api/export?source=garden&from=x&to=2026-01-02': 400,
      '/api/analyze?file=none.wav': 404,
      [`/api/analyze?file=${file}&threshold=7`]: 400,
    }
    for (const [path, status] of Object.entries(asked)) {
      const answer = await served.json(path)
      expect([path, answer.status]).toEqual([path, status])
      expect(JSON.stringify(answer.json)).not.toContain(served.directory)
    }
  })
})
