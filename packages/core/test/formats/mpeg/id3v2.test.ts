import { describe, expect, it } from 'vitest'
import { id3v2Tag, textFrame, urlFrame, userTextFrame } from '../../../src/formats/mpeg/id3v2.js'
import { tagBytes } from '../../../src/formats/stream-tags.js'

describe('id3v2Tag', () => {
  it('is laid out as ID3v2.4 says', () => {
    const tag = id3v2Tag([textFrame('TIT2', 'A'), urlFrame('WOAS', 'u:'), userTextFrame('k', 'v')])
    expect(Buffer.from(tag).toString('latin1')).toBe(
      'ID3\x04\0\0\0\0\0\x26' + 'TIT2\0\0\0\x02\0\0\x03A' + 'WOAS\0\0\0\x02\0\0u:' + 'TXXX\0\0\0\x04\0\0\x03k\0v',
    )
    expect(tagBytes(tag, 0, true)).toBe(tag.length)
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
