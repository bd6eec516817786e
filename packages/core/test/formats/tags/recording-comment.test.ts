import { describe, expect, it } from 'vitest'
import { readVorbisComment } from '../../../src/formats/ogg/vorbis-comment.js'
import { CommentBlock, recordingComment } from '../../../src/formats/tags/recording-comment.js'
import { TAG_BLOCK_BYTES } from '../../../src/formats/tags/tag-room.js'

const utf8 = (text: string) => new TextEncoder().encode(text)
const make = (...fields: string[]) => ({ vendor: utf8('enc'), fields: fields.map(utf8) })
const text = (fields: readonly Uint8Array[]) => fields.map((field) => new TextDecoder().decode(field))
const facts = {
  date: '2026-11-22T17:00:00.250+01:00',
  startMicroseconds: 1795363200250000,
  source: 'Jazz FM',
}

describe('recordingComment', () => {
  it('adds when and whence, and keeps every tag as it was', () => {
    const latin1 = Uint8Array.of(0x58, 0x3d, 0xe9)
    const comment = { vendor: utf8('v'), fields: [utf8('ARTIST=x'), latin1] }
    const result = recordingComment(comment, facts)
    expect(result.vendor).toEqual(utf8('v'))
    expect(result.fields[1]).toEqual(latin1)
    expect(text(result.fields.slice(2))).toEqual([
      'DATE=2026-11-22T17:00:00.250+01:00',
      'ISR_START=1795363200250000',
      'ISR_SOURCE=Jazz FM',
    ])
  })

  it('has the title in force at the start: the own one of the station byte for byte, unless another came since', () => {
    const titlesOf = (comment: ReturnType<typeof make>, title?: string) =>
      text(recordingComment(comment, { ...facts, ...(title !== undefined && { title }) }).fields).filter((field) =>
        /^title=/i.test(field),
      )
    expect(titlesOf(make(), 'T')).toEqual(['TITLE=T'])
    expect(titlesOf(make('title=own'))).toEqual(['title=own'])
    expect(titlesOf(make('title=own'), 'own')).toEqual(['title=own'])
    expect(titlesOf(make('title=own '), 'own')).toEqual(['title=own '])
    expect(titlesOf(make('title=own'), 'newer')).toEqual(['TITLE=newer'])
    const latin1 = { vendor: utf8('v'), fields: [Uint8Array.of(...utf8('TITLE=J'), 0xf3, ...utf8('ga'))] }
    expect(recordingComment(latin1, { ...facts, title: 'J\ufffdga' }).fields[0]).toEqual(latin1.fields[0])
  })

  it('keeps the release date under another name', () => {
    const fields = text(recordingComment(make('DATE=1959'), facts).fields)
    expect(fields).toContain('ORIGINALDATE=1959')
    expect(fields.filter((field) => field.startsWith('DATE='))).toEqual(['DATE=2026-11-22T17:00:00.250+01:00'])
  })

  it('replaces the tags of an earlier recording of ours', () => {
    const chapters = [{ startSample: 0, startMs: 0, endMs: 9, name: 'x' }]
    const once = recordingComment(make('A=b', 'DATE=1959'), facts, chapters)
    const later = { date: '2026-11-22T17:00:01.250+01:00', startMicroseconds: 1795363201250000, source: 'cut' }
    expect(text(recordingComment(once, later).fields)).toEqual([
      'A=b',
      'ORIGINALDATE=1959',
      'DATE=2026-11-22T17:00:01.250+01:00',
      'ISR_START=1795363201250000',
      'ISR_SOURCE=cut',
    ])
  })

  it('drops the chapters of the station, which count from the start of another file', () => {
    const fields = ['CHAPTER001=00:00:00.000', 'Chapter001Name=Intro', 'CHAPTER001URL=x', 'CHAPTERS=3', 'CHAPTER01=y']
    expect(text(recordingComment(make(...fields), facts).fields).slice(0, 2)).toEqual(['CHAPTERS=3', 'CHAPTER01=y'])
  })
})

describe('CommentBlock', () => {
  const chapters = Array.from({ length: 90 }, (_, index) => ({
    startSample: index * 48000,
    startMs: index * 1000,
    endMs: index * 1000 + 1000,
    name: `Artist ${index} - Song ${index}`,
  }))
  const fieldsOf = (bytes: Uint8Array) => text(readVorbisComment(bytes)!.comment.fields)

  it('keeps room for chapters, more when a title is known, none beyond the first block of the file', () => {
    const room = (comment: ReturnType<typeof make>, title?: string) => {
      const block = new CommentBlock(comment, { ...facts, ...(title !== undefined && { title }) }, 500)
      return { roomBytes: block.roomBytes, endsAt: 500 + block.sizeBytes + block.roomBytes }
    }
    expect(room(make()).roomBytes).toBe(1536)
    expect(room(make(), 'T').endsAt).toBe(TAG_BLOCK_BYTES)
    expect(room(make(`COVER=${'x'.repeat(2500)}`))).toMatchObject({ endsAt: TAG_BLOCK_BYTES })
    expect(room(make(`COVER=${'x'.repeat(5000)}`), 'T').roomBytes).toBe(0)
  })

  it.each([undefined, 'T'])('fills the room, never more, and says where it ended (title %s)', (title) => {
    const known = { ...facts, ...(title !== undefined && { title }) }
    const block = new CommentBlock(make('A=b'), known, 300)
    for (const count of [0, 1, 5, 60, 90]) {
      const bytes = block.write(known, chapters.slice(0, count))
      expect(bytes.length).toBeLessThanOrEqual(block.sizeBytes + block.roomBytes)
      const own = fieldsOf(bytes).filter((field) => field.startsWith('CHAPTER'))
      const all = chapters.slice(0, count).flatMap(({ name }, index) => {
        const key = `CHAPTER${String(index + 1).padStart(3, '0')}`
        return [
          `${key}=00:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}.000`,
          `${key}NAME=${name}`,
        ]
      })
      const kept = own.length === all.length ? own : own.slice(0, -1)
      expect(kept).toEqual(all.slice(0, kept.length))
      if (count <= 5) expect(own).toHaveLength(all.length)
      if (count === 90) expect(own.at(-1)).toMatch(/^CHAPTER\d\d\dNAME=\.\.\.$/)
      if (count === 90) expect(block.sizeBytes + block.roomBytes - bytes.length).toBeLessThan(90)
    }
  })
})
