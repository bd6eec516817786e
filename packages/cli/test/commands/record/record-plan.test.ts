import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { planRecording } from '../../../src/commands/record/record-plan.js'
import type { AdHocFlag } from '../../../src/commands/record/ad-hoc-sources.js'
import type { RecordFlags } from '../../../src/commands/record/record-plan.js'

const plan = (flags: Partial<RecordFlags>, env = {}) =>
  planRecording({ adHoc: [], demo: false, overrides: {}, ...flags }, env)
const url = (value: string, name?: string): AdHocFlag => ({ flag: '--url', value, ...(name !== undefined && { name }) })
const device = (value: string): AdHocFlag => ({ flag: '--device', value })
const names = async (...adHoc: (string | AdHocFlag)[]): Promise<string[]> => {
  const flags = adHoc.map((one) => (typeof one === 'string' ? url(one) : one))
  return (await plan({ adHoc: flags })).config?.sources.map(({ name }) => name) ?? []
}

describe('planRecording', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isr-plan-'))
  const file = join(folder, 'my.ini')
  await writeFile(
    file,
    '[general]\nsplit_minutes = 5\noutput_directory = /srv/rec\n[radio]\nurl = http://host/a\nsplit_minutes = 7\n',
  )
  afterAll(() => rm(folder, { recursive: true }))
  const label = '--split-minutes'

  it('records what the named configuration says', async () => {
    expect((await plan({ config: file })).config?.sources).toMatchObject([{ name: 'radio', splitMinutes: 7 }])
  })

  it('lets flags win over everything in it', async () => {
    const { config } = await plan({ config: file, overrides: { split_minutes: { text: '9', label } } })
    expect(config?.sources).toMatchObject([{ name: 'radio', splitMinutes: 9, outputDirectory: '/srv/rec' }])
  })

  it('puts addresses and the demo in the place of its sources', async () => {
    const stream = await plan({ config: file, adHoc: [url('http://host/b.mp3')] })
    expect(stream.config?.sources).toMatchObject([{ name: 'b', url: 'http://host/b.mp3', splitMinutes: 5 }])
    const demo = await plan({ config: file, demo: true })
    expect(demo.config?.sources).toMatchObject([{ name: 'demo', type: 'signal', splitMinutes: 1 }])
  })

  it('needs no file for them, and hears the environment', async () => {
    const { config } = await plan({ demo: true, name: 'noise' }, { ISR_OUTPUT_DIRECTORY: '/data' })
    expect(config?.sources).toMatchObject([{ name: 'noise', outputDirectory: '/data' }])
  })

  it('names sources after their addresses, each by a name of its own', async () => {
    expect(await names('http://host:8000/radio/live.mp3')).toEqual(['live'])
    expect(await names('http://host:8000/', 'http://host/;')).toEqual(['host', 'host_2'])
    expect(await names('http://a/live', 'http://b/live.ogg', 'http://c/live')).toEqual(['live', 'live_2', 'live_3'])
    expect(await names('http://a/radio%20eins/')).toEqual(['radio_20eins'])
    expect(await names(url('http://a/live', 'nord'), 'http://b/live')).toEqual(['nord', 'live'])
  })

  it('records soundcards beside streams', async () => {
    const { config } = await plan({ adHoc: [device('hw:1,0'), url('http://a/live')] })
    expect(config?.sources).toMatchObject([
      { name: 'hw_1_0', type: 'soundcard', device: 'hw:1,0', format: 'wav' },
      { name: 'live', type: 'stream' },
    ])
    expect(await names(device('default'), device('USB Audio'), device('USB Audio'))).toEqual([
      ...['soundcard', 'USB_Audio', 'USB_Audio_2'],
    ])
  })

  it('takes --format for a mistake where no source can give it, else for those that can', async () => {
    const overrides = { format: { text: 'mp3', label: '--format' } }
    const wrong = [{ origin: '--format', message: expect.stringContaining('only auto, wav, flac') }]
    expect(await plan({ adHoc: [device('USB')], overrides })).toMatchObject({ problems: wrong })
    expect(await plan({ demo: true, overrides })).toMatchObject({ problems: wrong })
    const { config } = await plan({ adHoc: [device('USB'), url('http://a/live')], overrides })
    expect(config?.sources).toMatchObject([{ format: 'wav' }, { format: 'mp3' }])
  })

  it('refuses what makes no sense', async () => {
    await expect(plan({ demo: true, adHoc: [url('http://a/')] })).rejects.toThrow('exclude each other')
    await expect(plan({ name: 'x' })).rejects.toThrow('--name needs a --url')
    const same = [url('http://a/', 'x'), url('http://b/', 'x')]
    await expect(plan({ adHoc: same })).rejects.toThrow('--name x is given twice')
  })

  it('reports an address that is none by the name of its flag', async () => {
    const { config, problems } = await plan({ adHoc: [url('ftp://me:secret@host/')] })
    expect(config).toBeUndefined()
    expect(problems).toMatchObject([{ origin: '--url', key: 'url' }])
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  it('says so when the named configuration is not there', async () => {
    const { problems } = await plan({ config: join(folder, 'none.ini') })
    expect(problems).toMatchObject([{ message: expect.stringContaining('no such file') }])
  })
})
