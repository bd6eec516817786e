import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { opusCodec } from '../../../../src/formats/ogg/codecs/opus.js'
import { commentMetadata, readVorbisComment } from '../../../../src/formats/ogg/vorbis-comment.js'
import { createFolder, encode, makeWav, OGG_TOOLS, run } from '../support/fixtures.js'
import { decode } from '../support/judges.js'
import { frame } from '../support/split.js'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'

const folder = createFolder()
afterAll(() => folder.remove())

const head = new Uint8Array(Buffer.from('OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0', 'latin1'))
const timer = opusCodec.readHeaders([head])!.timer

describe('OpusTags', () => {
  const tagsOf = (...suffix: number[]) => {
    const tags = Uint8Array.of(...Buffer.from('OpusTags'), 1, 0, 0, 0, 0x76, 0, 0, 0, 0, ...suffix)
    const facts = { date: '2026-11-22T17:00:00.250+01:00', startMicroseconds: 1795363200250000, source: 's' }
    const context = {
      join: 'verbatim',
      history: [],
      startedAt: 0,
      utcOffsetMinutes: 0,
      source: 's',
      serial: 1,
    } as const
    const start = { context: { ...context, opusPrerollMs: 400 }, history: [], hiddenSamples: 0, facts }
    const file = opusCodec.createFile([head, tags], start)
    return (...names: string[]) => {
      const chapters = names.map((name) => ({ startSample: 0, startMs: 0, endMs: 1, name }))
      return file.headerPages(facts, chapters)[1][0]
    }
  }

  it('keeps room behind the comment, which is padding by the first bit of it', () => {
    const write = tagsOf(0, 0, 0)
    const empty = write()
    const { end } = readVorbisComment(empty, 8)!
    expect(empty.subarray(end)).toEqual(new Uint8Array(1536))
    const full = write('A', 'B')
    expect(full).toHaveLength(empty.length)
    expect(commentMetadata(readVorbisComment(full, 8)!.comment)).toMatchObject({ chapter002name: 'B' })
  })

  it('keeps what stands behind the comment where its first bit asks for that, and then has no chapters', () => {
    const write = tagsOf(3, 7, 9)
    const { comment, end } = readVorbisComment(write('A', 'B'), 8)!
    expect(write('A', 'B').subarray(end)).toEqual(Uint8Array.of(3, 7, 9))
    expect(commentMetadata(comment)).not.toHaveProperty('chapter001')
  })
})

describeWithTools(OGG_TOOLS, 'opus', () => {
  it.each([
    [48000, 2, ['--framesize', '2.5', '--bitrate', '96']],
    [48000, 2, ['--framesize', '5']],
    [48000, 2, ['--framesize', '10']],
    [48000, 2, ['--bitrate', '160']],
    [44100, 2, ['--framesize', '40']],
    [48000, 1, ['--framesize', '60', '--bitrate', '24']],
    [16000, 1, ['--bitrate', '12', '--speech']],
    [24000, 1, ['--bitrate', '20']],
    [48000, 6, []],
  ])('counts %i Hz, %i channels, %j as opusdec does', (rate, channels, options) => {
    const wav = makeWav(folder.file('a.wav'), { seconds: 1.5, rate, channels })
    const fixture = encode(folder, 'opus', 'a.opus', wav, ...options)
    const { spans } = frame(fixture.bytes)
    const samples = spans.reduce((sum, span) => sum + span.samples, 0)
    expect(spans[0].header.info).toEqual({ codec: 'opus', sampleRateHz: 48000, channels, bitrateBps: 0 })
    expect(samples).toBe(72000)
    expect(decode(folder, fixture.path, 'opus').length).toBe(72000 * channels)
  })

  it.each([20, 40, 60, 80, 100, 120])('counts packets of %i ms from ffmpeg', (frameMs) => {
    const wav = makeWav(folder.file('b.wav'), { seconds: 2 })
    const path = folder.file('b.opus')
    run('ffmpeg', '-v', 'error', '-y', '-i', wav, '-c:a', 'libopus', '-frame_duration', `${frameMs}`, path)
    const { spans } = frame(readFileSync(path))
    expect(spans[0].sampleOffset(2) - spans[0].sampleOffset(1)).toBe(frameMs * 48)
    expect(spans.reduce((sum, span) => sum + span.samples, 0)).toBe(96000)
  })

  it('knows the samples of every configuration', () => {
    // RFC 6716 table 2: SILK-only 10 20 40 60 ms three times, hybrid 10 20 ms twice, CELT-only 2.5 5 10 20 ms four times
    const ms = [
      ...[1, 2, 3].flatMap(() => [10, 20, 40, 60]),
      ...[1, 2].flatMap(() => [10, 20]),
      ...[1, 2, 3, 4].flatMap(() => [2.5, 5, 10, 20]),
    ]
    ms.forEach((duration, config) => {
      expect(timer(Uint8Array.of(config << 3, 0))).toBe(duration * 48)
      expect(timer(Uint8Array.of((config << 3) | 1, 0))).toBe(2 * duration * 48)
      expect(timer(Uint8Array.of((config << 3) | 2, 0))).toBe(2 * duration * 48)
      expect(timer(Uint8Array.of((config << 3) | 3, 0x80 | 2, 0))).toBe(2 * duration * 48)
    })
  })

  it('refuses what no packet can be', () => {
    expect(timer(new Uint8Array(0))).toBe(-1)
    expect(timer(Uint8Array.of(3))).toBe(-1)
    expect(timer(Uint8Array.of(3, 0))).toBe(-1)
    expect(timer(Uint8Array.of((3 << 3) | 3, 3))).toBe(-1)
  })

  it('knows an identification header by its facts', () => {
    expect(opusCodec.recognises(head)).toBe(true)
    expect(opusCodec.recognises(head.subarray(0, 18))).toBe(false)
    const wrong = head.slice()
    wrong[8] = 16
    expect(opusCodec.recognises(wrong)).toBe(false)
  })
})
