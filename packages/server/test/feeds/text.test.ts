import { describe, expect, it } from 'vitest'
import { feedItems } from '../../src/feeds/feed-items.js'
import { m3uOf } from '../../src/feeds/m3u.js'
import { rssOf } from '../../src/feeds/rss.js'

const entry = (name: string, more: object = {}) => ({
  ...{ name, source: 's', startedAt: 0, utcOffsetMinutes: 0, sizeBytes: 1, state: 'closed', active: false, titles: [] },
  ...more,
})
const itemsOf = (...entries: object[]) =>
  feedItems({ find: () => ({ entries: entries as never, total: entries.length }) }, 'http://h/', {})

describe('feeds', () => {
  it('leave out what grows and what no address can hold, and end at 200', () => {
    const odd = [
      entry('open', { state: 'open' }),
      entry('active', { active: true }),
      entry('\ud800.mp3'),
      entry('ok.mp3'),
    ]
    expect(itemsOf(...odd).map(({ name }) => name)).toEqual(['ok.mp3'])
    expect(itemsOf(...Array.from({ length: 500 }, (_, at) => entry(String(at))))).toHaveLength(200)
  })

  it('never let a name become a line or markup', () => {
    const items = itemsOf(entry('a\nhttp://evil/\r\u2028\0</title>.mp3', { source: '\ud800\u0001&' }))
    expect(m3uOf(items)).toBe(
      '#EXTM3U\n#EXTINF:-1,s\nx'.replace('s\nx', '\ud800 &: a http://evil/ </title>.mp3') +
        '\nhttp://h/stream/a%0Ahttp%3A/evil/%0D%E2%80%A8%00%3C/title%3E.mp3\n'.replace('http%3A/evil', 'http%3A//evil'),
    )
    const rss = rssOf({ title: 't', link: 'http://h/', self: 'http://h/feed.rss?a&b' }, items)
    expect(rss).toContain('<title>\ufffd\ufffd&amp;: a\nhttp://evil/\r\u2028\ufffd&lt;/title&gt;.mp3</title>')
    expect(rss).toContain('href="http://h/feed.rss?a&amp;b"')
  })
})
