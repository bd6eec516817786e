import { describe, expect, it } from 'vitest'
import { id3v2Tag, textFrame, urlFrame, userTextFrame } from '../../../src/formats/mpeg/id3v2.js'
import { tagBytes } from '../../../src/formats/sync/stream-tags.js'

describe('id3v2Tag', () => {
  it('is laid out as ID3v2.4 says', () => {
    const tag = id3v2Tag([textFrame('TIT2', 'A'), urlFrame('WOAS', 'u:'), userTextFrame('k', 'v')])
    expect(Buffer.from(tag).toString('latin1')).toBe(
      'ID3\x04\0\0\0\0\0\x26' + 'TIT2\0\0\0\x02\0\0\x03A' + 'WOAS\0\0\0\x02\0\0u:' + 'TXXX\0\0\0\x04\0\0\x03k\0v',
    )
    expect(tagBytes(tag, 0, true)).toBe(tag.length)
  })

  it('is padded with zeros to the size that is asked for, and never cut', () => {
    const tag = id3v2Tag([textFrame('TIT2', 'A')], 300)
    expect(tag).toHaveLength(300)
    expect(tagBytes(tag, 0, true)).toBe(300)
    const unpadded = id3v2Tag([textFrame('TIT2', 'A')])
    expect(tag.subarray(10, 22)).toEqual(unpadded.subarray(10))
    expect(tag.subarray(22).every((byte) => byte === 0)).toBe(true)
    expect(id3v2Tag([textFrame('TIT2', 'A')], 5)).toHaveLength(22)
  })

  it('has syncsafe sizes and nothing that looks like a sync, however hostile the text', () => {
    const tag = id3v2Tag([
      textFrame('TIT2', '\u00ff\ud800\0<script>\r\n'.repeat(5000)),
      textFrame('TALB', 'x'.repeat(200)),
    ])
    expect(tag.includes(0xff)).toBe(false)
    expect(tagBytes(tag, 0, true)).toBe(tag.length)
    expect(tag.length).toBeLessThan(5000)
    const body = Buffer.from(tag.subarray(21)).toString('utf8')
    expect(body.startsWith('\u00ff\ufffd <script>\r\n')).toBe(true)
  })
})
