import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { detectPlaylist, parsePlaylist } from '../../../../src/sources/http/playlist/playlist.js'
import type { PlaylistKind } from '../../../../src/sources/http/playlist/playlist.js'
import { payload } from '../support.js'

const bytes = (text: string) => Buffer.from(text)

describe('parsePlaylist', () => {
  it('reads M3U with every line end, comments, byte order mark and latin1', () => {
    const text = '\ufeff#EXTM3U\r\n#EXTINF:-1,Radio\r\n  http://a/1  \r\rhttp://a/2\n\n# no\nrelative path\n'
    expect(parsePlaylist('m3u', bytes(text))).toEqual(['http://a/1', 'http://a/2', 'relative path'])
    expect(parsePlaylist('m3u', Buffer.from('http://a/\xfc', 'latin1'))).toEqual(['http://a/ü'])
  })

  it('reads PLS in the order of its numbers', () => {
    const text =
      '[playlist]\r\nfile2=http://a/2\r\nTitle2=x=y\r\n File1 = http://a/1?x=y \r\nFILE10=http://a/10\nFile3=\nFile=http://a/0\nLength1=-1\nVersion=2'
    expect(parsePlaylist('pls', bytes(text))).toEqual(['http://a/0', 'http://a/1?x=y', 'http://a/2', 'http://a/10'])
  })

  it('reads XSPF: locations of tracks, entities, CDATA, prefixes, comments', () => {
    const text = `<?xml version="1.0"?>
      <x:playlist version="1" xmlns:x="http://xspf.org/ns/0/"><x:location>http://no/</x:location>
      <!-- <track><location>http://commented/</location></track> -->
      <x:trackList><x:track><x:title>&lt;location&gt;http://no/</x:title><x:location a="b">
        http://a/1?x=1&amp;y=&#252;&#xFC;&unknown; </x:location></x:track>
      <track><LOCATION><![CDATA[http://a/2?x=1&y=<2>]]></LOCATION><location/></track></x:trackList></x:playlist>`
    expect(parsePlaylist('xspf', bytes(text))).toEqual(['http://a/1?x=1&y=üü&unknown;', 'http://a/2?x=1&y=<2>'])
  })

  it('expands no entity of the document itself', () => {
    const text =
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><playlist><track><location>http://a/&e;</location></track></playlist>'
    expect(parsePlaylist('xspf', bytes(text))).toEqual(['http://a/&e;'])
  })

  it('never throws, and costs no more than the length of what is hostile', () => {
    const hostile = [
      '<location ',
      '<track><location>',
      '<!--',
      '<![CDATA[',
      '&#x',
      'File',
      '#EXTM3U\n#EXT',
      '[playlist]\nFile1=',
      '<a:',
      '\n',
    ]
    const startedAt = performance.now()
    for (const piece of hostile) {
      const document = bytes(piece.repeat(Math.ceil(262_144 / piece.length)))
      for (const kind of ['m3u', 'pls', 'xspf'] as const) parsePlaylist(kind, document)
      detectPlaylist(document, { contentType: 'audio/x-scpls', path: '/x.pls' })
    }
    expect(performance.now() - startedAt).toBeLessThan(5000)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.constantFrom<PlaylistKind>('m3u', 'pls', 'xspf'),
        (document, kind) => {
          parsePlaylist(kind, document)
        },
      ),
    )
  })
})

describe('detectPlaylist', () => {
  const NONE = { contentType: '', path: '/' }
  it.each<[string, { contentType: string; path: string }, PlaylistKind | undefined]>([
    ['#EXTM3U\nhttp://a/', NONE, 'm3u'],
    ['#EXTM3U\n#EXT-X-VERSION:3\n', NONE, 'hls'],
    ['#EXT-X-TARGETDURATION:5\n', NONE, 'hls'],
    ['  [PLAYLIST]\n', NONE, 'pls'],
    ['<?xml version="1.0"?>\n<playlist version="1">', NONE, 'xspf'],
    ['https://a/live\n', NONE, 'm3u'],
    ['live\n', NONE, undefined],
    ['live\n', { contentType: 'audio/mpegurl', path: '/' }, 'm3u'],
    ['live\n', { contentType: '', path: '/x.M3U' }, 'm3u'],
    ['File1=http://a/', { contentType: 'audio/x-scpls', path: '/' }, 'pls'],
    ['http://a/', { contentType: '', path: '/x.pls' }, 'm3u'],
    ['<!DOCTYPE html><html>', { contentType: 'audio/x-mpegurl', path: '/x.m3u' }, undefined],
    ['<?xml version="1.0"?>', { contentType: '', path: '/x.xspf' }, 'xspf'],
    ['', { contentType: 'audio/x-mpegurl', path: '/x.m3u' }, undefined],
    ['ID3\x04\x00', { contentType: 'audio/x-mpegurl', path: '/x.m3u' }, undefined],
  ])('takes %j with %j for %j', (text, hints, kind) => {
    expect(detectPlaylist(bytes(text), hints)).toBe(kind)
  })

  it('takes no audio for a playlist', () => {
    for (let seed = 1; seed < 50; seed++) {
      expect(detectPlaylist(payload(512, seed), { contentType: 'audio/x-mpegurl', path: '/x.m3u' })).toBeUndefined()
    }
  })
})
