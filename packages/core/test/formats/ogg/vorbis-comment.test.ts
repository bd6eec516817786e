import { describe, expect, it } from 'vitest'
import { commentMetadata, readVorbisComment, writeVorbisComment } from '../../../src/formats/ogg/vorbis-comment.js'

const utf8 = (text: string) => new TextEncoder().encode(text)
const make = (...fields: string[]) => ({ vendor: utf8('enc'), fields: fields.map(utf8) })

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
})
