import { spawnSync } from 'node:child_process'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { startServer } from '../../support.js'
import { wavOf } from '../../../../../tests/support/wav.js'

const HOSTILE = `x/a&b <i>"q"'ü ]]> %2e#?.wav`
const NAMES = ['20261122_170000.wav', '20261122_180000.wav', HOSTILE]
/** What a parser that is not ours reads. */
const READ = `
import json, sys, xml.etree.ElementTree as tree
channel = tree.fromstring(sys.stdin.buffer.read()).find('channel')
itunes = '{http://www.itunes.com/dtds/podcast-1.0.dtd}'
print(json.dumps({'title': channel.findtext('title'), 'link': channel.findtext('link'), 'items': [{
  'guid': item.findtext('guid'), 'date': item.findtext('pubDate'), 'duration': item.findtext(itunes + 'duration'),
  **item.find('enclosure').attrib} for item in channel.findall('item')]}))`

interface Feed {
  readonly title: string
  readonly link: string
  readonly items: readonly Readonly<Record<'guid' | 'date' | 'duration' | 'url' | 'length' | 'type', string>>[]
}

describeWithTools(['python3'], 'feeds', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  let host: string
  const wav = wavOf(new Int16Array(16_000), 8000)
  const parse = (bytes: Buffer) => {
    const { stdout, stderr } = spawnSync('python3', ['-c', READ], { input: bytes })
    expect(stderr.toString()).toBe('')
    return JSON.parse(stdout.toString()) as Feed
  }

  beforeAll(async () => {
    served = await startServer({ basePath: '/recordings' })
    host = new URL(served.server.url).host
    for (const name of NAMES) {
      const path = join(served.directory, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, wav)
      utimesSync(path, Date.now() / 1000 - 100, Date.now() / 1000 - 100)
    }
    writeFileSync(join(served.directory, 'growing.wav'), wav)
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('are a podcast whose enclosures are the recordings, whatever they are called', async () => {
    const { status, headers, bytes } = await served.ask('/feed.rss')
    expect([status, headers['content-type']]).toEqual([200, 'application/rss+xml; charset=utf-8'])
    const { items, link } = parse(bytes)
    expect(link).toBe(`http://${host}/recordings/`)
    expect(items.map(({ guid }) => guid).sort()).toEqual([...NAMES].sort())
    for (const { url, length, type, duration, date } of items) {
      expect(url.startsWith(`${link}stream/`)).toBe(true)
      const answer = await served.ask(url.slice(`http://${host}`.length))
      expect([answer.status, answer.bytes.equals(wav)]).toEqual([200, true])
      expect([length, type, duration]).toEqual([String(wav.length), answer.headers['content-type'], '2'])
      expect(new Date(date).toUTCString()).toBe(date)
    }
  })

  it('are a playlist, an address after each name', async () => {
    const { headers, bytes } = await served.ask('/recordings/feed.m3u?limit=2')
    expect(headers['content-type']).toBe('audio/x-mpegurl; charset=utf-8')
    const lines = bytes.toString().split('\n')
    expect(lines[0]).toBe('#EXTM3U')
    expect(lines.slice(1, -1)).toHaveLength(4)
    for (const at of [1, 3]) {
      expect(lines[at]).toMatch(/^#EXTINF:2,recordings: \S/)
      expect(lines[at + 1].startsWith(`http://${host}/recordings/stream/`)).toBe(true)
    }
  })

  it('hold the sources that are asked for, and know when nothing has changed', async () => {
    const none = parse((await served.ask('/feed.rss?source=%3Cnobody%3E')).bytes)
    expect(none).toMatchObject({ title: 'Recordings of <nobody>', items: [] })
    expect(parse((await served.ask('/feed.rss?source=a&source=recordings')).bytes).items).toHaveLength(3)
    const { headers } = await served.ask('/feed.m3u')
    expect((await served.ask('/feed.m3u', { 'if-none-match': headers.etag ?? '' })).status).toBe(304)
    for (const limit of ['0', '201', 'x', '1&limit=2'])
      expect((await served.ask(`/feed.rss?limit=${limit}`)).status).toBe(400)
  })

  it('believe nobody who says that he is a proxy', async () => {
    const forwarded = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
    }
    const { bytes } = await served.ask('/feed.rss', { ...forwarded, 'x-forwarded-prefix': '/evil' })
    expect(bytes.toString()).not.toMatch(/evil|https:/)
    expect((await served.ask('/feed.rss', { host: 'evil.example' })).status).toBe(421)
  })
})
