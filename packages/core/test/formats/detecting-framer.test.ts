import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { captureHeader } from '../../src/formats/capture-header.js'
import { DetectingFramer } from '../../src/formats/detecting-framer.js'
import { builtInFormats, formatForContentType, formatNamed } from '../../src/formats/registry.js'
import type { Format } from '../../src/formats/format.js'
import { frameBytes } from './support/frame-bytes.js'
import { makePcm } from './support/pcm.js'

const SECONDS = 8
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

/** How each stream is made, and what it must be recognised as. */
const MAKERS: readonly {
  readonly name: string
  readonly extension: string
  readonly late: boolean
  readonly args: string[]
}[] = [
  {
    name: 'mp3',
    extension: 'mp3',
    late: true,
    args: ['-c:a', 'libmp3lame', '-b:a', '128k', '-f', 'mp3', '-id3v2_version', '0'],
  },
  { name: 'mp3-vbr', extension: 'mp3', late: true, args: ['-c:a', 'libmp3lame', '-q:a', '5', '-f', 'mp3'] },
  {
    name: 'mp3-low',
    extension: 'mp3',
    late: true,
    args: ['-c:a', 'libmp3lame', '-b:a', '24k', '-ar', '22050', '-ac', '1', '-f', 'mp3'],
  },
  { name: 'aac', extension: 'aac', late: true, args: ['-c:a', 'aac', '-b:a', '96k', '-f', 'adts'] },
  { name: 'vorbis', extension: 'ogg', late: false, args: ['-c:a', 'libvorbis', '-f', 'ogg'] },
  { name: 'opus', extension: 'opus', late: false, args: ['-c:a', 'libopus', '-f', 'ogg'] },
  { name: 'ogg-flac', extension: 'oga', late: false, args: ['-c:a', 'flac', '-f', 'ogg'] },
  { name: 'flac', extension: 'flac', late: true, args: ['-c:a', 'flac', '-f', 'flac'] },
  {
    name: 'flac-24',
    extension: 'flac',
    late: true,
    args: ['-c:a', 'flac', '-sample_fmt', 's32', '-ar', '96000', '-f', 'flac'],
  },
  { name: 'wav', extension: 'wav', late: false, args: ['-c:a', 'pcm_s16le', '-f', 'wav'] },
]

interface Detected extends ReturnType<typeof frameBytes> {
  readonly unknown: string[]
}

function detect(
  bytes: Uint8Array,
  sizes?: readonly number[],
  options: { formats?: readonly Format[]; contentType?: string } = {},
): Detected {
  const unknown: string[] = []
  const framed = frameBytes(
    (sink) =>
      new DetectingFramer({
        formats: builtInFormats,
        ...options,
        sink,
        onUnknown: (looksLike) => unknown.push(looksLike),
      }),
    bytes,
    sizes,
  )
  return { ...framed, unknown }
}

describeWithTools(['ffmpeg'], 'DetectingFramer', () => {
  const streams: Record<string, Uint8Array> = {}

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'isr-detect-'))
    writeFileSync(join(folder, 'in.raw'), makePcm('music', 44100 * SECONDS, 2, 16))
    const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', join(folder, 'in.raw')]
    for (const { name, args } of MAKERS) {
      execFileSync('ffmpeg', [...input, ...args, join(folder, name)])
      streams[name] = new Uint8Array(readFileSync(join(folder, name)))
    }
    rmSync(folder, { recursive: true })
  })

  it.each(MAKERS)('recognises $name and loses nothing of it', ({ name, extension }) => {
    const own = formatNamed(streams[name] && extension === 'oga' ? 'ogg' : extension === 'opus' ? 'ogg' : extension)!
    const direct = frameBytes(own.createFramer, streams[name])
    for (const sizes of [undefined, [1400], [1]]) {
      if (sizes?.[0] === 1 && streams[name].length > 200_000) continue
      const { frames, headers, discards, unknown } = detect(streams[name], sizes)
      expect(headers.map((header) => header.extension)).toEqual([extension])
      expect(frames).toEqual(direct.frames)
      expect(discards).toEqual(direct.discards)
      expect(unknown).toEqual([])
    }
  })

  it.each(MAKERS.filter(({ late }) => late))('recognises $name joined anywhere', ({ name, extension }) => {
    const stream = streams[name]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: stream.length >> 1 }), (at) => {
        const { headers } = detect(stream.subarray(at), [3000])
        expect(headers.map((header) => header.extension)).toEqual([extension])
      }),
      { numRuns: 15 },
    )
  })

  it('is surer of the right format than of any other', () => {
    for (const { name, extension, late } of MAKERS) {
      const right = detect(streams[name]).headers[0].format
      for (const at of late ? [0, 5000, 12_345, 20_011] : [0]) {
        const head = streams[name].subarray(at, at + 16384)
        const ranks = builtInFormats.map((format) => ({ format: format.name, confidence: format.sniff(head) }))
        ranks.sort((a, b) => b.confidence - a.confidence)
        if (at === 0) expect(ranks[0].confidence, name).toBeGreaterThanOrEqual(0.9)
        if (ranks[0].confidence > 0) expect(ranks[0].format, `${extension} at ${at}`).toBe(right)
        if (ranks[0].confidence > 0) expect(ranks[1].confidence).toBeLessThan(ranks[0].confidence)
      }
    }
  })

  it('lets a wrong media type mislead nobody', () => {
    for (const { name, extension } of MAKERS) {
      for (const contentType of ['audio/mpeg', 'audio/aac', 'application/ogg', 'audio/flac', 'text/html', '']) {
        expect(detect(streams[name].subarray(0, 100_000), [2000], { contentType }).headers[0].extension).toBe(extension)
      }
    }
  })

  it('follows a source that changes its codec', () => {
    // WAV last: nothing tells where its audio ends when it goes on past its size.
    const order = ['mp3', 'vorbis', 'aac', 'opus', 'flac', 'mp3-low', 'wav']
    const parts = order.map((name) => streams[name].subarray(0, 90_000))
    const whole = new Uint8Array(Buffer.concat(parts))
    const { headers, frames, discards } = detect(whole, [whole.length])
    expect(headers.map((header) => header.extension)).toEqual(['mp3', 'ogg', 'aac', 'opus', 'flac', 'mp3', 'wav'])
    for (const sizes of [[1400], [50_000, 3]]) {
      const cut = detect(whole, sizes)
      expect(cut.headers.map((header) => header.extension)).toEqual(headers.map((header) => header.extension))
      expect(cut.frames).toEqual(frames)
      expect(cut.discards).toEqual(discards)
    }
    const found = new Set(frames)
    const alone = parts.flatMap((part) => detect(part).frames)
    expect(alone.filter((frame) => !found.has(frame))).toEqual([])
  })

  it('takes a last piece of another codec for what it is', () => {
    const { headers } = detect(new Uint8Array(Buffer.concat([streams.mp3, streams.opus.subarray(0, 20_000)])), [1400])
    expect(headers.map((header) => header.extension)).toEqual(['mp3', 'opus'])
  })

  it('goes on in the same file behind garbage', () => {
    const garbage = makePcm('noise', 100_000, 1, 16)
    const [first, second] = [streams.mp3.subarray(0, 50_000), streams.mp3.subarray(50_000)]
    const { headers, discards } = detect(new Uint8Array(Buffer.concat([first, garbage, second])), [1400])
    expect(headers).toHaveLength(1)
    expect(discards.sync).toBeGreaterThanOrEqual(200_000)
    expect(discards.sync).toBeLessThan(202_000)
  })

  it('finds audio behind junk, and after it said that there is none', () => {
    for (const size of [5000, 30_000, 60_000, 150_000]) {
      const junk = new Uint8Array(size)
      const { headers, discards, unknown } = detect(new Uint8Array(Buffer.concat([junk, streams.aac])), [1400])
      expect(headers.map((header) => header.extension)).toEqual(['aac'])
      expect(discards.sync).toBe(size)
      expect(unknown).toEqual(size > 65536 ? ['binary data of unknown format'] : [])
    }
  })

  it('records only what it may', () => {
    const formats = [formatNamed('mp3')!]
    expect(detect(streams.mp3, [1400], { formats }).headers).toHaveLength(1)
    const other = detect(streams.vorbis, [1400], { formats })
    expect([other.headers, other.unknown]).toEqual([[], ['an Ogg stream']])
  })

  it('captures the header of some bytes', () => {
    expect(captureHeader(streams.opus.subarray(0, 30_000))?.info).toMatchObject({ codec: 'opus', sampleRateHz: 48000 })
    expect(captureHeader(streams.flac.subarray(40_000))?.info).toMatchObject({ codec: 'flac', channels: 2 })
    expect(captureHeader(streams.mp3, { contentType: 'audio/mpeg', formats: [formatNamed('mp3')!] })?.extension).toBe(
      'mp3',
    )
    expect(captureHeader(bytesOf('hello'))).toBeUndefined()
    expect(captureHeader(new Uint8Array(0))).toBeUndefined()
  })
})

describe('DetectingFramer', () => {
  it.each([
    ['<html><body>404</body></html>', 'an HTML page'],
    [`<!doctype html>${' '.repeat(3000)}`, 'an HTML page'],
    ['{"error":{"code":"x"}}', 'JSON'],
    ['#EXTM3U\nhttp://example.org/a.mp3', 'a playlist'],
  ])('says once what %j looks like', (text, looksLike) => {
    const bytes = bytesOf(text)
    for (const sizes of [[bytes.length], [1], [700]]) {
      const { unknown, discards, spans } = detect(bytes, sizes)
      expect(unknown).toEqual([looksLike])
      expect(discards).toEqual({ sync: bytes.length })
      expect(spans).toEqual([])
    }
  })

  it('does not wait for the end of a page', () => {
    const unknown: string[] = []
    const sink = { onSpan: () => undefined, onDiscard: () => undefined }
    const framer = new DetectingFramer({
      formats: builtInFormats,
      sink,
      onUnknown: (looksLike) => unknown.push(looksLike),
    })
    framer.push(bytesOf(`<html>${'x'.repeat(600)}`))
    expect(unknown).toEqual(['an HTML page'])
  })

  it('says nothing of a connection without a byte', () => {
    expect(detect(new Uint8Array(0)).unknown).toEqual([])
  })

  it('survives any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 10 }),
        fc.integer({ min: 1, max: 999 }),
        (parts, size) => {
          const bytes = new Uint8Array(Buffer.concat(parts))
          const whole = detect(bytes)
          const cut = detect(bytes, [size])
          expect(cut.frames).toEqual(whole.frames)
          expect(cut.unknown).toEqual(whole.unknown)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('registry', () => {
  it('finds formats by name', () => {
    expect(['mp3', 'AAC', 'ogg', 'opus', 'vorbis', 'flac', 'wav'].map((name) => formatNamed(name)?.name)).toEqual([
      'mp3',
      'aac',
      'ogg',
      'ogg',
      'ogg',
      'flac',
      'wav',
    ])
    expect([formatNamed('auto'), formatNamed('constructor'), formatNamed('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('finds formats by media type', () => {
    expect(formatForContentType('Audio/MPEG; charset=x')?.name).toBe('mp3')
    expect(formatForContentType('audio/aacp')?.name).toBe('aac')
    expect(formatForContentType('audio/x-flac')?.name).toBe('flac')
    expect(formatForContentType('audio/x-wav')?.name).toBe('wav')
    expect(formatForContentType('application/ogg')?.name).toBe('ogg')
    expect(formatForContentType('application/octet-stream')).toBeUndefined()
  })

  it('has each name and each media type once', () => {
    const names = builtInFormats.map((format) => format.name)
    const types = builtInFormats.flatMap((format) => format.contentTypes)
    expect([new Set(names).size, new Set(types).size]).toEqual([names.length, types.length])
    for (const type of types) expect(type).toBe(type.toLowerCase())
  })
})
