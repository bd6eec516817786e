import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { planRecording } from '../../src/commands/record-plan.js'
import type { RecordFlags } from '../../src/commands/record-plan.js'

const plan = (flags: Partial<RecordFlags>, env = {}) =>
  planRecording({ urls: [], demo: false, overrides: {}, ...flags }, env)
const names = async (...urls: (string | [string, string])[]): Promise<string[]> => {
  const flags = urls.map((url) => (typeof url === 'string' ? { url } : { url: url[0], name: url[1] }))
  return (await plan({ urls: flags })).config?.sources.map(({ name }) => name) ?? []
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
    const url = await plan({ config: file, urls: [{ url: 'http://host/b.mp3' }] })
    expect(url.config?.sources).toMatchObject([{ name: 'b', url: 'http://host/b.mp3', splitMinutes: 5 }])
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
    expect(await names(['http://a/live', 'nord'], 'http://b/live')).toEqual(['nord', 'live'])
  })

  it('refuses what makes no sense', async () => {
    await expect(plan({ demo: true, urls: [{ url: 'http://a/' }] })).rejects.toThrow('exclude each other')
    await expect(plan({ name: 'x' })).rejects.toThrow('--name needs a --url')
    const same = [
      { url: 'http://a/', name: 'x' },
      { url: 'http://b/', name: 'x' },
    ]
    await expect(plan({ urls: same })).rejects.toThrow('--name x is given twice')
  })

  it('reports an address that is none by the name of its flag', async () => {
    const { config, problems } = await plan({ urls: [{ url: 'ftp://me:secret@host/' }] })
    expect(config).toBeUndefined()
    expect(problems).toMatchObject([{ origin: '--url', key: 'url' }])
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  it('says so when the named configuration is not there', async () => {
    const { problems } = await plan({ config: join(folder, 'none.ini') })
    expect(problems).toMatchObject([{ message: expect.stringContaining('no such file') }])
  })
})
