import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { IcyDemuxer, parseIcyMetadata } from '../../../../src/sources/http/body/icy.js'
import { cutAt, cuts } from '../../cuts.js'
import { payload } from '../support.js'

/** A metadata block with its length byte. */
function block(text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const units = Math.ceil(bytes.length / 16)
  const padded = Buffer.alloc(1 + units * 16)
  padded[0] = units
  padded.set(bytes, 1)
  return padded
}

interface Demuxed {
  readonly audio: string
  readonly titles: readonly [offset: number, title: string | undefined][]
  readonly lied: boolean
}

function demux(interval: number, pieces: readonly Uint8Array[]): Demuxed {
  const demuxer = new IcyDemuxer(interval)
  const audio: Uint8Array[] = []
  const titles: [number, string | undefined][] = []
  let length = 0
  for (const piece of pieces) {
    for (const { bytes, metadata } of demuxer.push(piece)) {
      expect(bytes.length).toBeGreaterThan(0)
      if (metadata) titles.push([length, metadata.title])
      audio.push(bytes)
      length += bytes.length
    }
  }
  return { audio: Buffer.concat(audio).toString('latin1'), titles, lied: demuxer.lied }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

describe('IcyDemuxer', () => {
  it('separates any titles and audio, however the body is cut; each title stands at its exact byte', () => {
    const title = fc.option(
      fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/^\s|\s$|\0|';/.test(text)),
    )
    const sample = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.array(title, { minLength: 1, maxLength: 6 }))
      .chain(([interval, titles]) => {
        const audio = payload(interval * (titles.length + 1))
        const parts: Uint8Array[] = [audio.subarray(0, interval)]
        const expected: [number, string][] = []
        titles.forEach((text, index) => {
          parts.push(block(text === null ? '' : `StreamTitle='${text}';`))
          parts.push(audio.subarray(interval * (index + 1), interval * (index + 2)))
          const last = expected.at(-1)?.[1] ?? ''
          if (text !== null && text !== last) expected.push([interval * (index + 1), text])
        })
        const body = Buffer.concat(parts)
        return cuts(body.length).map((points) => ({ interval, audio, expected, body, points }))
      })
    fc.assert(
      fc.property(sample, ({ interval, audio, expected, body, points }) => {
        const result = demux(interval, cutAt(body, points))
        expect(result).toEqual({ audio: latin1(audio), titles: expected, lied: false })
      }),
    )
  })

  it('takes the longest block there is', () => {
    const text = `StreamTitle='${'x'.repeat(4080 - 15)}';`
    const body = Buffer.concat([Buffer.from('ab'), block(text), Buffer.from('cd')])
    const result = demux(2, cutAt(body, [1, 500, 3000]))
    expect(result).toEqual({ audio: 'abcd', titles: [[2, 'x'.repeat(4065)]], lied: false })
  })

  it('passes over blocks that hold something else', () => {
    const body = Buffer.concat([
      Buffer.from('ab'),
      block("adw_ad='true';durationMilliseconds='30000';"),
      Buffer.from('cd'),
      block("streamtitle='x';"),
      Buffer.from('ef'),
    ])
    expect(demux(2, [body])).toEqual({ audio: 'abcdef', titles: [[4, 'x']], lied: false })
  })

  it.each([
    ['audio', Uint8Array.of(0xff, 0xfb, 0x90, 0x64, 1, 2, 3, 4)],
    ['almost metadata', Buffer.from('\x02Streak of luck, this is not metadata at all')],
    ['a word and no more', Buffer.from(`\x03${'abcdefgh'.repeat(6)}rest of the audio`)],
    ['a key with binary behind it', Buffer.from(`\x02abc='\x01\x02${'z'.repeat(40)}`, 'latin1')],
    ['a short key', Buffer.from(`\x01x='yyyyyyyyyyyyyyyyyyyyyyyyyy`)],
  ])('goes on raw from the length byte on when there is %s', (_, lie) => {
    const body = Buffer.concat([payload(100), lie, payload(300, 7)])
    fc.assert(
      fc.property(cuts(body.length), (points) => {
        expect(demux(100, cutAt(body, points))).toEqual({ audio: latin1(body), titles: [], lied: true })
      }),
    )
  })

  it('goes on raw also after true blocks', () => {
    const body = Buffer.concat([
      Buffer.from('ab'),
      block("StreamTitle='x';"),
      Buffer.from('cd\x05\x01 no block'),
      payload(50),
    ])
    const audio = Buffer.concat([Buffer.from('abcd\x05\x01 no block'), payload(50)])
    expect(demux(2, [body])).toEqual({ audio: latin1(audio), titles: [[2, 'x']], lied: true })
  })
})

describe('parseIcyMetadata', () => {
  const read = (text: string) => parseIcyMetadata(Buffer.from(text, 'latin1'))
  it.each([
    ["StreamTitle='A - B';", { title: 'A - B' }],
    ["StreamTitle='A - B';StreamUrl='http://x/?a=1;b=2';", { title: 'A - B', url: 'http://x/?a=1;b=2' }],
    ["StreamUrl='http://x/';StreamTitle='A';", { title: 'A', url: 'http://x/' }],
    ["StreamTitle='It's a 'quoted' title';StreamUrl='';", { title: "It's a 'quoted' title" }],
    ["StreamTitle='semi;colon'; and more';", { title: "semi;colon'; and more" }],
    ["StreamTitle='StreamUrl='no';StreamUrl='yes';", { title: "StreamUrl='no", url: 'yes' }],
    ["StreamTitle='';", { title: '' }],
    ["StreamTitle='cut off amid the ti", { title: 'cut off amid the ti' }],
    ["StreamTitle='cut off'", { title: 'cut off' }],
    ['StreamTitle=no quotes;', { title: 'no quotes' }],
    ["streamtitle='x'; StreamURL='y';", { title: 'x', url: 'y' }],
    ["StreamTitle='<script>../\r\n';", { title: '<script>../' }],
    ["StreamTitle='Gr\xfc\xdfe';", { title: 'Grüße' }],
    ["StreamTitle='Gr\xc3\xbc\xc3\x9fe';", { title: 'Grüße' }],
    ["Other='x';", undefined],
    ['', undefined],
    ['\0\0\0', undefined],
  ])('of %j is %j', (text, expected) => {
    expect(read(text)).toEqual(expected)
    expect(read(`${text}\0\0\0`)).toEqual(expected)
  })

  it('never throws and is quick', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 4080 }), (bytes) => void parseIcyMetadata(bytes)))
    expect(read(`StreamTitle='${"';a".repeat(1300)}`)?.title).toBeDefined()
    expect(read(`StreamTitle='${"'; ".repeat(1300)}x`)?.title).toBeDefined()
  })
})
