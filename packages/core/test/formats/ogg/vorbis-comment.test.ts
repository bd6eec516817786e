import { describe, expect, it } from 'vitest'
import {
  commentMetadata,
  readVorbisComment,
  recordingComment,
  writeVorbisComment,
} from '../../../src/formats/ogg/vorbis-comment.js'

const utf8 = (text: string) => new TextEncoder().encode(text)
const make = (...fields: string[]) => ({ vendor: utf8('enc'), fields: fields.map(utf8) })
const text = (fields: readonly Uint8Array[]) => fields.map((field) => new TextDecoder().decode(field))
const context = { startedAt: Date.UTC(2026, 10, 22, 16, 0, 0, 250), utcOffsetMinutes: 60, source: 'Jazz FM' }

describe('vorbis comment', () => {
  it('reads what it writes and says where it ends', () => {
    const comment = make('TITLE=a', 'ARTIST=ö', 'EMPTY=')
    const bytes = writeVorbisComment(comment)
    const padded = new Uint8Array([9, 9, ...bytes, 1, 0])
    expect(readVorbisComment(padded, 2)).toEqual({ comment, end: bytes.length + 2 })
  })

  it('refuses any length that leads beyond the end', () => {
    const bytes = writeVorbisComment(make('TITLE=a', 'ARTIST=b'))
    for (let length = 0; length < bytes.length; length++) {
      expect(readVorbisComment(bytes.subarray(0, length))).toBeUndefined()
    }
    const absurd = bytes.slice()
    absurd.set([255, 255, 255, 255], 0)
    expect(readVorbisComment(absurd)).toBeUndefined()
    absurd.set(bytes)
    absurd.set([255, 255, 255, 255], 4 + 3)
    expect(readVorbisComment(absurd)).toBeUndefined()
  })

  it('gives tags with names in lower case, the first of a name', () => {
    const metadata = commentMetadata(make('Title=a=b', 'ARTIST=x', 'artist=y', 'noequals', '=nothing', '__proto__=p'))
    expect(Object.entries(metadata)).toEqual([
      ['title', 'a=b'],
      ['artist', 'x'],
      ['__proto__', 'p'],
    ])
  })

  it('adds when and whence, and keeps every tag as it was', () => {
    const latin1 = Uint8Array.of(0x58, 0x3d, 0xe9)
    const comment = { vendor: utf8('v'), fields: [utf8('ARTIST=x'), latin1] }
    const result = recordingComment(comment, context)
    expect(result.vendor).toEqual(utf8('v'))
    expect(result.fields[1]).toEqual(latin1)
    expect(text(result.fields.slice(2))).toEqual([
      'DATE=2026-11-22T17:00:00.250+01:00',
      'ISR_START=1795363200250000',
      'ISR_SOURCE=Jazz FM',
    ])
  })

  it.each([
    [0, '2026-11-22T16:00:00.250+00:00'],
    [-210, '2026-11-22T12:30:00.250-03:30'],
    [765, '2026-11-23T04:45:00.250+12:45'],
  ])('writes the offset %i minutes', (utcOffsetMinutes, date) => {
    expect(text(recordingComment(make(), { ...context, utcOffsetMinutes }).fields)[0]).toBe(`DATE=${date}`)
  })

  it('adds a title only where there is none', () => {
    expect(text(recordingComment(make(), { ...context, title: 'T' }).fields)[0]).toBe('TITLE=T')
    const kept = text(recordingComment(make('title=own'), { ...context, title: 'T' }).fields)
    expect(kept.filter((field) => /^title=/i.test(field))).toEqual(['title=own'])
  })

  it('keeps the release date under another name', () => {
    const fields = text(recordingComment(make('DATE=1959'), context).fields)
    expect(fields).toContain('ORIGINALDATE=1959')
    expect(fields.filter((field) => field.startsWith('DATE='))).toEqual(['DATE=2026-11-22T17:00:00.250+01:00'])
  })

  it('replaces the tags of an earlier recording of ours', () => {
    const once = recordingComment(make('A=b', 'DATE=1959'), context)
    const twice = recordingComment(once, { ...context, startedAt: context.startedAt + 1000, source: 'cut' })
    expect(text(twice.fields)).toEqual([
      'A=b',
      'ORIGINALDATE=1959',
      'DATE=2026-11-22T17:00:01.250+01:00',
      'ISR_START=1795363201250000',
      'ISR_SOURCE=cut',
    ])
  })
})
