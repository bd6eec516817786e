import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wavHead } from '../../../../../tests/support/wav.js'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { cut } from '../../../src/station/files/cut.js'
import type { EditProgress } from '../../../src/editing/cut.js'
import { audioKind, encodeKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { decodeFiles } from '../../support/decoded.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-cut-limits-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A WAV file of so many seconds of 48 kHz stereo, without the disk space: what nobody writes is silence. */
function sparseWav(name: string, seconds: number): string {
  const dataBytes = seconds * 192_000
  writeFileSync(path(name), wavHead({ rateHz: 48_000, channels: 2, dataBytes }))
  truncateSync(path(name), 44 + dataBytes)
  return path(name)
}

describe('cutting out of a file', () => {
  const input = sparseWav('input.wav', 10)
  const refusal = (options: object) =>
    cut({ input, output: path('never.wav'), startSeconds: 1, endSeconds: 2, ...options })

  it('reads little more of a large file than the piece', async () => {
    const large = sparseWav('large.wav', 5000) // 960 MB
    const piece = await cut({ input: large, output: path('minute.wav'), startSeconds: 4000.25, endSeconds: 4010.25 })
    expect(piece).toMatchObject({ startSeconds: 4000.25, endSeconds: 4010.25, samples: 480_000, frames: 480_000 })
    expect(piece.bytesRead).toBeLessThan(480_000 * 4 + 1_000_000)
  })

  it('refuses ranges that cannot be, each with its own code', async () => {
    for (const [startSeconds, endSeconds] of [
      [2, 1],
      [1, 1],
      [-1, 1],
      [NaN, 1],
      [0, NaN],
      [Infinity, Infinity],
    ]) {
      await expect(refusal({ startSeconds, endSeconds })).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
    }
    await expect(refusal({ startSeconds: 10, endSeconds: 11 })).rejects.toMatchObject({
      code: 'ISR_SPAN_EMPTY',
      message: expect.stringContaining('10.000 s long'),
    })
    // beyond the end there is nothing to take
    expect(await refusal({ startSeconds: 9, endSeconds: 99, output: path('end.wav') })).toMatchObject({
      endSeconds: 10,
    })
  })

  it('refuses what holds no audio', async () => {
    writeFileSync(path('empty.mp3'), '')
    writeFileSync(path('text.mp3'), 'This is no music.\n'.repeat(10_000))
    for (const name of ['empty.mp3', 'text.mp3']) {
      const message = expect.stringContaining(path(name)) as string
      await expect(refusal({ input: path(name) })).rejects.toMatchObject({ code: 'ISR_FORMAT_UNKNOWN', message })
    }
    for (const name of ['nowhere.mp3', '.']) {
      await expect(refusal({ input: path(name) })).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    }
  })

  it('overwrites nothing and leaves nothing behind', async () => {
    writeFileSync(path('taken.wav'), 'precious')
    await expect(refusal({ output: path('taken.wav') })).rejects.toMatchObject({ code: 'ISR_STORAGE_EXISTS' })
    await expect(refusal({ output: input })).rejects.toMatchObject({ code: 'ISR_STORAGE_EXISTS' })
    await expect(refusal({ output: path('nowhere/out.wav') })).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    await expect(refusal({ output: path('taken.wav/out.wav') })).rejects.toMatchObject({ code: 'ISR_STORAGE_DENIED' })
    expect(readFileSync(path('taken.wav'), 'utf8')).toBe('precious')
    const before = readdirSync(folder).sort()
    await expect(refusal({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const midway = refusal({ startSeconds: 0, endSeconds: 10, signal: stop.signal, onProgress })
    await expect(midway).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    expect(readdirSync(folder).sort()).toEqual(before)
  })

  it('does not overwrite a file that somebody else makes meanwhile', async () => {
    const output = path('raced.wav')
    const onProgress = () => writeFileSync(output, 'theirs')
    await expect(refusal({ output, onProgress })).rejects.toMatchObject({ code: 'ISR_STORAGE_EXISTS' })
    expect(readFileSync(output, 'utf8')).toBe('theirs')
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('tells how far it is', async () => {
    const seen: EditProgress[] = []
    await cut({ input, output: path('told.wav'), startSeconds: 2, endSeconds: 8, onProgress: (one) => seen.push(one) })
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.at(-1)).toEqual({ doneSeconds: 6, totalSeconds: 6 })
  })

  it('names the piece by the wall clock where it is known, else by its place', async () => {
    mkdirSync(path('names'))
    const own = sparseWav('names/song.wav', 20)
    const named = async (options: object) => {
      return basename((await cut({ input: own, startSeconds: 1.5, endSeconds: 3, ...options })).output)
    }
    expect(await named({})).toBe('song_0.00.01.500-0.00.03.wav')
    const known = { startedAt: Date.UTC(2026, 10, 22, 16, 59, 50), timeZone: 'Europe/Berlin' }
    expect(await named({ ...known, startSeconds: 5, endSeconds: 15 })).toBe('cut_20261122_175955-180005.wav')
    await expect(named({ ...known, startSeconds: 5, endSeconds: 15 })).rejects.toMatchObject({
      code: 'ISR_STORAGE_EXISTS',
    })
  })
})

describe.skipIf(missingTools(ENCODER_TOOLS).length > 0)('cutting out of a long compressed file', () => {
  const long = new Map<string, string>()

  beforeAll(() => {
    for (const name of ['FLAC', 'Vorbis', 'MP3 CBR', 'Opus']) {
      const kind = audioKind(name)
      long.set(name, path(`long-${kind.extension}.${kind.extension}`))
      // 5 MB of 1 GB are 1/200; here 5 of 120 seconds are taken
      writeFileSync(long.get(name)!, encodeKind(kind, 120))
    }
  })

  it.each(['FLAC', 'Vorbis', 'MP3 CBR', 'Opus'])('reads only around it: %s', async (name) => {
    const input = long.get(name)!
    const { size } = statSync(input)
    const piece = await cut({
      input,
      output: `${input}.piece.${audioKind(name).extension}`,
      startSeconds: 100,
      endSeconds: 105,
    })
    expect(piece.endSeconds - piece.startSeconds).toBeCloseTo(5, 0)
    // a chunk read ahead, some around the place, and head and tail
    expect(piece.bytesRead).toBeLessThan(piece.bytes + 1_500_000)
    if (name === 'FLAC') expect(piece.bytesRead).toBeLessThan(size / 3)
    const [pcm] = decodeFiles([piece.output])
    expect(pcm.length).toBe(piece.samples * 2)
  })

  it('puts AAC into MP4 when its name says so', async () => {
    const input = path('stream.aac')
    writeFileSync(input, encodeKind(audioKind('AAC'), 4))
    const piece = await cut({ input, output: path('piece.m4a'), startSeconds: 1, endSeconds: 3 })
    expect(piece.format).toBe('m4a')
    const [pcm] = decodeFiles([piece.output])
    expect(pcm.length).toBe(piece.samples * 2)
    expect(piece.prerollFrames).toBeGreaterThan(0)
  })
})

describe('the tags of a piece', () => {
  const tags = async (kindName: string, startedAt?: number) => {
    const kind = audioKind(kindName)
    const input = path(`tags.${kind.extension}`)
    writeFileSync(input, encodeKind(kind, 2))
    const output = path(`tags-${startedAt ?? 'none'}.${kind.extension === 'aac' ? 'm4a' : kind.extension}`)
    const piece = await cut({ input, output, startSeconds: 0.5, endSeconds: 1.5, startedAt, timeZone: 'Europe/Berlin' })
    const entries = ['-show_entries', 'format_tags:stream_tags', '-of', 'json', output]
    return { piece, text: execFileSync('ffprobe', ['-v', 'error', ...entries], { encoding: 'utf8' }) }
  }

  it
    .skipIf(missingTools(ENCODER_TOOLS).length > 0)
    .each(['MP3 CBR', 'Vorbis', 'Opus', 'FLAC', 'Ogg FLAC', 'WAV', 'AAC'])(
    'tell when its first sample was, and no time that nobody knows: %s',
    async (name) => {
      const startedAt = Date.UTC(2026, 10, 22, 16)
      const known = await tags(name, startedAt)
      expect(known.piece.startedAt).toBeCloseTo(startedAt + 1000 * known.piece.startSeconds, 6)
      expect(known.text).toMatch(/2026-11-22T1[67]:00:00/)
      const unknown = await tags(name)
      expect(unknown.piece.startedAt).toBeUndefined()
      expect(unknown.text).not.toMatch(/19\d\d|20\d\d|NaN|undefined/)
    },
  )
})
