import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { configOrThrow, parseConfig } from '../../src/config/load.js'
import { Station } from '../../src/station/station.js'
import { fakePrograms } from '../sources/soundcard/support/fake-arecord.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-busy-'))
const { PATH } = process.env
afterAll(() => {
  process.env.PATH = PATH
  rmSync(folder, { recursive: true, force: true })
})

it('a device that is busy is told in the words of arecord, again and again, and makes no file', async () => {
  const busy = 'arecord: main:831: audio open error: Device or resource busy\\n'
  process.env.PATH = fakePrograms({ arecord: `say('${busy}'); end(1)`, pactl: 'end(1)', 'pw-dump': 'end(1)' }).PATH
  const text = `[general]\noutput_directory = ${folder}\nretry_delay_seconds = 0.1\n[mic]\ntype = soundcard\ndevice = hw:1,0\n`
  const station = new Station({ config: configOrThrow(parseConfig(text)) })
  const told: string[] = []
  station.on('retry', ({ cause }) => told.push(`${cause.code}: ${cause.message}`))
  station.start()
  await vi.waitUntil(() => told.length >= 3, { timeout: 30_000 })
  await station.stop()
  for (const line of told) expect(line).toMatch(/^ISR_SOURCE_\w+: .*Device or resource busy/)
  const audio = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(wav|flac|part)$/.test(name),
  )
  expect(audio).toEqual([])
})
