import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configOrThrow, parseConfig, Station } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from './rig/require-tool.js'
import { AUDIO_KINDS, encodeKind, ENCODER_TOOLS } from '../../packages/core/test/support/audio-kinds.js'
import { growHalf } from '../../packages/core/test/live/support/growing.js'
import type { FileRow } from '@isr/server'
import { startServer } from '../../packages/server/test/support.js'

type Served = Awaited<ReturnType<typeof startServer>>
const rowsOf = async (served: Served) => ((await served.json('/api/files')).json as { files: FileRow[] }).files

describeWithTools(ENCODER_TOOLS, 'lengths in the list', () => {
  const SECONDS = 4
  let served: Served
  const put = (name: string, bytes: Uint8Array, old = true) => {
    const path = join(served.directory, name)
    writeFileSync(path, bytes)
    if (old) utimesSync(path, 1e9, 1e9)
  }
  beforeAll(async () => {
    served = await startServer()
  })
  afterAll(() => served.close())
  const lengths = async () => {
    await served.server.app.library.refresh()
    await served.server.app.library.settled()
    return (await rowsOf(served)).map(({ name, durationSeconds }) => ({ name, seconds: durationSeconds }))
  }

  it('are those of the audio, for every format, closed and growing', async () => {
    for (const [index, kind] of AUDIO_KINDS.entries()) {
      const stream = encodeKind(kind, SECONDS)
      put(`closed_2026010${index % 9}_00${String(10 + index)}00.${kind.extension}`, stream)
      put(`growing_${index}.${kind.extension}`, growHalf(kind, stream, 'exact').bytes, false)
    }
    const all = await lengths()
    expect(all).toHaveLength(2 * AUDIO_KINDS.length)
    for (const { name, seconds } of all)
      if (name.startsWith('closed')) expect(Math.abs((seconds ?? 0) - SECONDS), `${name}: ${seconds}`).toBeLessThan(0.2)
      else expect(seconds ?? 0, `${name}: ${seconds}`).toBeLessThan(SECONDS / 2 + 0.5)
  })

  it('are never what a header claims and the file cannot hold', async () => {
    const flac = encodeKind(
      AUDIO_KINDS.find(({ extension }) => extension === 'flac')!,
      SECONDS,
    ).slice()
    // all 36 bits of the number of samples: 18 days at 44.1 kHz
    flac[21] |= 0x0f
    flac.fill(0xff, 22, 26)
    put('lies.flac', flac)
    const wav = encodeKind(
      AUDIO_KINDS.find(({ extension }) => extension === 'wav')!,
      SECONDS,
    ).slice()
    wav.fill(0xff, 4, 8)
    wav.fill(0xff, Buffer.from(wav).indexOf('data') + 4, Buffer.from(wav).indexOf('data') + 8)
    put('lies.wav', wav)
    put('torn.flac', flac.subarray(0, 3000))
    const said = (await lengths()).filter(({ name }) => /^(lies|torn)/.test(name))
    expect(said).toHaveLength(3)
    for (const { name, seconds } of said)
      expect(seconds === null || (seconds >= 0 && seconds < SECONDS + 0.2), `${name}: ${seconds}`).toBe(true)
  })
})

describe('recordings whose names tell nothing', () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-ancestor-'))
  const beganAt = Date.now()
  let served: Served
  beforeAll(async () => {
    const general = `[general]\noutput_directory = ${directory}\nsplit_minutes = 0.02\nfilename_pattern = take\nformat = wav\n`
    const station = new Station({ config: configOrThrow(parseConfig(`${general}[tone]\ntype = signal\n`)) })
    served = await startServer({ directory, station })
    station.start()
    const closed = async () => (await rowsOf(served)).filter(({ state }) => state === 'closed').length
    while ((await closed()) < 2) await new Promise((resolve) => setTimeout(resolve, 100))
    await station.stop()
    await served.close()
    for (const name of ['take.wav', 'take_1.wav']) utimesSync(join(directory, name), 1e9, 1e9)
    served = await startServer({ directory })
    await served.server.app.library.settled()
  })
  afterAll(async () => {
    await served.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('are listed with the times of the ledger, whatever the pattern and the file system say', async () => {
    const rows = await rowsOf(served)
    const [first, second] = ['take.wav', 'take_1.wav'].map((name) => rows.find((row) => row.name === name)!)
    expect(first).toMatchObject({ source: 'tone', state: 'closed' })
    const [one, other] = [first, second].map(({ startedAt }) => Date.parse(startedAt))
    expect(one).toBeGreaterThan(beganAt - 60_000)
    expect(one).toBeLessThan(Date.now())
    expect(Math.abs(other - one - 1000 * (first.durationSeconds ?? 0))).toBeLessThan(50)
  })

  it('are cut into pieces that are named by the clock of that place', async () => {
    const { headers } = await served.ask('/api/cut?file=take_1.wav&start=0.1&end=0.5')
    expect(headers['content-disposition']).toMatch(/_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.wav"/)
  })
})

describeWithTools(['ffmpeg'], 'the analysis of a long recording', () => {
  it('is a short answer, however long the recording is', async () => {
    const served = await startServer()
    for (const [name, seconds] of [
      ['minutes_20260101_000000.wav', 100],
      ['hours_20260101_010000.wav', 7200],
    ] as const) {
      const path = join(served.directory, name)
      const noise = `anoisesrc=r=8000:d=${seconds}:a=0.3,volume='if(lt(mod(t,10),2),1,0.01)':eval=frame`
      execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', noise, '-c:a', 'pcm_s16le', path])
      utimesSync(path, 1e9, 1e9)
    }
    await served.server.app.library.refresh()
    const ask = (name: string) => served.ask(`/api/analyze?file=${name}`)
    const [minutes, hours] = [await ask('minutes_20260101_000000.wav'), await ask('hours_20260101_010000.wav')]
    expect([minutes.status, hours.status]).toEqual([200, 200])
    const answer = JSON.parse(hours.bytes.toString()) as { rms_display: number[]; sections: unknown[] }
    expect(answer.rms_display.length).toBeLessThanOrEqual(800)
    // a number for each 100 ms would be nine times as many as there may be
    expect(hours.bytes.length).toBeLessThan(12 * 800 + 150 * answer.sections.length + 1000)
    await served.close()
  })
})
