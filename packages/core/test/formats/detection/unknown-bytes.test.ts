import { describe, expect, it } from 'vitest'
import { describeUnknown, isCertainlyUnknown } from '../../../src/formats/detection/unknown-bytes.js'
import { oggFormat } from '../../../src/formats/ogg/index.js'
import { buildPage } from '../ogg/support/pages.js'
import { makePcm } from '../support/pcm.js'

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const ts = new Uint8Array(188 * 6).map((_, at) => (at % 188 === 0 ? 0x47 : at % 251))

describe('describeUnknown', () => {
  it.each([
    ['\n <!DOCTYPE html><html lang=en>', 'an HTML page'],
    ['\xef\xbb\xbf<html><head>', 'an HTML page'],
    ['<?xml version="1.0"?><html xmlns="x">', 'an HTML page'],
    ['<?xml version="1.0"?><playlist version="1">', 'a playlist'],
    ['<?xml version="1.0"?><rss>', 'an XML document'],
    ['#EXTM3U\n#EXTINF:0', 'a playlist'],
    ['[playlist]\nFile1=x', 'a playlist'],
    ['<ASX version="3">', 'a playlist'],
    ['http://example.org/radio.mp3\n', 'a playlist'],
    ['{"error":"not found"}', 'JSON'],
    ['[1, 2]', 'JSON'],
    ['404: no such mount', 'text'],
    ['Gr\xc3\xbc\xc3\x9fe', 'text'],
    ['\0\0\0\x20ftypM4A ', 'an MP4 file'],
    ['\0\0\0\x18stypmsdh', 'a piece of fragmented MP4'],
    ['FORM\0\0\0\0AIFF', 'an AIFF file'],
    ['\x1aE\xdf\xa3\x01', 'a Matroska or WebM stream'],
    ['\x1f\x8b\x08\0', 'gzip data'],
    ['\x89PNG\r\n', 'an image'],
    ['OggS\0\x02', 'an Ogg stream'],
    ['fLaC\0\0\0\x22', 'a FLAC stream'],
    [
      'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0',
      'WAV audio with PCM samples of 8 bits',
    ],
    [`\x12${'\x56\xe0\x04abcd'.repeat(3)}`, 'AAC in LOAS'],
    ['\xff\xf1\x50\x80', 'an AAC stream'],
    ['\xff\xfb\x90\x64', 'an MPEG audio stream of layer III'],
    ['\xff\xfd\x90\x64', 'an MPEG audio stream of layer II'],
    ['\x0b\x77\x12', 'an AC-3 stream'],
    ['', 'nothing'],
  ])('says of %j: %s', (text, phrase) => {
    expect(describeUnknown(bytes(text))).toBe(phrase)
  })

  it('knows a transport stream from its first packet or amid one', () => {
    expect(describeUnknown(ts)).toBe('an MPEG transport stream')
    expect(describeUnknown(ts.subarray(100))).toBe('an MPEG transport stream')
  })

  it('knows what is in Ogg', () => {
    const page = (packet: string, serial: number, flags = 2) =>
      buildPage({ laces: [packet.length], body: bytes(packet), serial, bos: flags === 2 })
    const stream = (...pages: Uint8Array[]) => new Uint8Array(Buffer.concat(pages))
    const more = page('more', 1, 0)
    expect(describeUnknown(stream(page('Speex   1.2', 1), more))).toBe('an Ogg stream with Speex')
    expect(describeUnknown(stream(page('\x80theora', 1), page('fishead', 2), more))).toBe(
      'an Ogg stream with Theora video',
    )
    expect(describeUnknown(stream(page('whatever', 1), more))).toBe('an Ogg stream of an unknown codec')
    expect(describeUnknown(stream(page('\x80theora', 1), page('\x01vorbis', 2), more))).toBe('an Ogg stream')
    expect(describeUnknown(page('Speex   1.2', 1))).toBe('an Ogg stream')
    expect(isCertainlyUnknown(stream(page('Speex   1.2', 1), more))).toBe(true)
    expect(oggFormat.sniff(stream(page('Speex   1.2', 1), more))).toBe(0)
    expect(oggFormat.sniff(stream(page('Speex   1.2', 1), page('OpusHead', 2), more))).toBe(1)
  })

  it('has a word for the rest', () => {
    expect(describeUnknown(makePcm('noise', 3000, 1, 16).subarray(3))).toBe('binary data of unknown format')
    expect(describeUnknown(new Uint8Array(1000))).toBe('binary data of unknown format')
    expect(describeUnknown(bytes('caf\xe9 latin1'))).toBe('binary data of unknown format')
  })
})

describe('isCertainlyUnknown', () => {
  it('does not wait for more of what is recognised', () => {
    expect(isCertainlyUnknown(bytes('<html>'))).toBe(true)
    expect(isCertainlyUnknown(bytes('not found'))).toBe(true)
    expect(isCertainlyUnknown(ts)).toBe(true)
  })

  it('waits for more of what may be audio', () => {
    for (const text of ['OggS\0\x02', 'fLaC\0', 'RIFF\0\0\0\0WAVE', '\xff\xfb\x90', '\0\0\0\0']) {
      expect(isCertainlyUnknown(bytes(text))).toBe(false)
    }
    expect(isCertainlyUnknown(makePcm('noise', 300, 1, 16))).toBe(false)
  })
})
