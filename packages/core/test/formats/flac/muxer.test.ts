import { createHash } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { checkFile } from '../../../../../tests/e2e/rig/checkers.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { HeaderCapture } from '../../../src/formats/header-capture.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import { nextFlacNumber, parseFlacFrameHeader } from '../../../src/formats/flac/frame-header.js'
import { parseFlacStreamInfo } from '../../../src/formats/flac/blocks/streaminfo.js'
import { flacFormat } from '../../../src/formats/flac/index.js'
import { CONTEXT, cutSpans, frameBytes, muxSpans } from '../support/frame-bytes.js'
import { makePcm } from '../support/pcm.js'
import {
  createFolder,
  decodeFlac,
  encodeFlac,
  FLAC_TOOLS,
  framesOf,
  headBytes,
  joinBytes,
  restamp,
} from './support/encode.js'

const spansOf = (bytes: Uint8Array) => frameBytes(flacFormat.createFramer, bytes, [5000]).spans
const subframes = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => Buffer.from(frame.subarray(parseFlacFrameHeader(frame)!.headerBytes, -2)).toString('latin1'))

describeWithTools(FLAC_TOOLS, 'FlacMuxer', () => {
  const folder = createFolder()
  afterAll(() => folder.remove())
  const metaflac = (path: string, ...what: string[]) =>
    execFileSync('metaflac', [...what.map((one) => `--show-${one}`), path], { encoding: 'utf8' })
      .trim()
      .split('\n')

  /** Asks everybody about a file that must hold exactly `pcm`. */
  async function expectPerfect(file: Uint8Array, pcm: Uint8Array, blockAlign: number, known = true) {
    const path = folder.file('a.flac')
    writeFileSync(path, file)
    // ffmpeg 5.1 does not know 32-bit FLAC.
    const complaints = (await checkFile(path)).filter(({ checker }) => known || checker !== 'ffmpeg')
    expect(complaints).toEqual([])
    const [total, md5] = metaflac(path, 'total-samples', 'md5sum')
    expect(Number(total)).toBe(pcm.length / blockAlign)
    expect(md5).toBe(createHash('md5').update(pcm).digest('hex'))
    expect(Buffer.compare(decodeFlac(file), pcm)).toBe(0)
    return path
  }

  it.each([
    ['16-bit stereo', 2, 16, ['-5', '-b', '1152']],
    ['24-bit stereo', 2, 24, ['-8', '-b', '1024']],
    ['8-bit mono', 1, 8, ['-3', '-b', '512']],
    ['32-bit stereo', 2, 32, ['-2', '-b', '1152']],
    ['5.1', 6, 16, ['-5', '-b', '1152']],
  ])('makes perfect files of any part of %s', async (_, channels, bits, options) => {
    const pcm = makePcm('music', 40000, channels, bits)
    const spans = spansOf(encodeFlac(pcm, { channels, bits }, ...options))
    let at = 0
    for (const part of cutSpans(spans, [7, 8, 25])) {
      const samples = part.reduce((sum, span) => sum + span.samples, 0)
      const blockAlign = (channels * bits) / 8
      await expectPerfect(
        muxSpans(flacFormat, part),
        pcm.subarray(at, at + samples * blockAlign),
        blockAlign,
        bits < 32,
      )
      at += samples * blockAlign
    }
    expect(at).toBe(pcm.length)
  })

  it('copies subframes and renumbers from 0', () => {
    const source = encodeFlac(makePcm('music', 40000, 2, 16), { channels: 2, bits: 16 }, '-5', '-b', '192')
    const frames = framesOf(source)
    const parts = cutSpans(spansOf(source), [100, 199]).map((part) => framesOf(muxSpans(flacFormat, part)))
    expect(parts.map((part) => part.length)).toEqual([100, 99, frames.length - 199])
    expect(parts.flatMap(subframes)).toEqual(subframes(frames))
    for (const part of parts) expect(part.map((frame) => parseFlacFrameHeader(frame)!.number)).toEqual([...part.keys()])
  })

  it('changes nothing where nothing has to change', () => {
    const spans = spansOf(encodeFlac(makePcm('music', 9000, 2, 16), { channels: 2, bits: 16 }))
    const muxer = flacFormat.createMuxer(spans[0].header, CONTEXT)
    muxer.begin()
    for (const span of spans) expect(muxer.write(span).buffer).toBe(span.bytes.buffer)
  })

  it('makes perfect files of a stream joined at any byte', async () => {
    const pcm = makePcm('music', 60000, 2, 16)
    const source = encodeFlac(pcm, { channels: 2, bits: 16 }, '-8')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: source.length >> 1 }), async (at) => {
        const file = muxSpans(flacFormat, spansOf(source.subarray(headBytes(source) + at)))
        const samples = parseFlacStreamInfo(file, 8)!.totalSamples
        expect(samples).toBeGreaterThan(20000)
        await expectPerfect(file, pcm.subarray(pcm.length - samples * 4), 4)
      }),
      { numRuns: 8 },
    )
  })

  it('makes perfect files of variable block sizes, joined anywhere', async () => {
    const sizes = [4096, 576, 1152, 192, 4608, 2304, 4096, 1000, 16, 300]
    const pcm = makePcm('music', 4 * sizes.reduce((sum, size) => sum + size, 0), 2, 16)
    const frames: Uint8Array[] = []
    let number = 0
    while (number * 4 < pcm.length) {
      const size = sizes[frames.length % sizes.length]
      const piece = pcm.subarray(number * 4, (number + size) * 4)
      const [frame] = framesOf(encodeFlac(piece, { channels: 2, bits: 16 }, '--lax', '-b', String(Math.max(16, size))))
      frames.push(restamp(frame, number, true))
      number += size
    }
    const [first, late] = cutSpans(spansOf(joinBytes(frames)), [13])
    await expectPerfect(muxSpans(flacFormat, first), pcm.subarray(0, 4 * startOf(frames[13])), 4)
    const path = await expectPerfect(muxSpans(flacFormat, late), pcm.subarray(4 * startOf(frames[13])), 4)
    expect(metaflac(path, 'min-blocksize', 'max-blocksize')).toEqual(['16', '4608'])
    const lateFrames = framesOf(muxSpans(flacFormat, late)).map((frame) => parseFlacFrameHeader(frame)!)
    for (const [index, header] of lateFrames.entries()) {
      expect(header.number).toBe(index === 0 ? 0 : nextFlacNumber(lateFrames[index - 1]))
    }
  })

  it('writes STREAMINFO, tags and a seek table that leads to frames', async () => {
    const pcm = makePcm('music', 44100 * 9, 1, 16)
    const source = encodeFlac(pcm, { channels: 1, bits: 16 }, '-T', 'ARTIST=Band', '-T', 'DATE=1999').slice()
    const file = muxSpans(flacFormat, cutSpans(spansOf(source), [3])[1], 'Lied')
    writeFileSync(folder.file('tags.flac'), file)
    const frames = framesOf(file)
    const sizes = frames.map((frame) => frame.length)
    expect(
      metaflac(folder.file('tags.flac'), 'min-blocksize', 'max-blocksize', 'min-framesize', 'max-framesize'),
    ).toEqual(['4096', '4096', String(Math.min(...sizes)), String(Math.max(...sizes))])
    const tags = execFileSync('metaflac', ['--no-utf8-convert', '--export-tags-to=-', folder.file('tags.flac')], {
      encoding: 'utf8',
    })
    expect(tags.trim().split('\n')).toEqual([
      'ARTIST=Band',
      'ORIGINALDATE=1999',
      'TITLE=Lied',
      'DATE=2026-11-22T17:00:00.250+01:00',
      `ISR_START=${CONTEXT.startedAt * 1000}`,
      'ISR_SOURCE=Radio Süd',
    ])
    const points = [
      ...metaflacList(folder.file('tags.flac')).matchAll(
        /sample_number=(\d+), stream_offset=(\d+), frame_samples=(\d+)/g,
      ),
    ]
    expect(points.length).toBe(9)
    for (const [index, [, sample, offset, samples]] of points.entries()) {
      const header = parseFlacFrameHeader(file, headBytes(file) + Number(offset))!
      expect([header.number * 4096, header.blockSize]).toEqual([Number(sample), Number(samples)])
      expect(Math.abs(Number(sample) / 44100 - index)).toBeLessThan(1)
    }
    const seek = ['-v', 'error', '-ss', '6.5', '-i', folder.file('tags.flac'), '-t', '0.5', '-f', 's16le', '-']
    const heard = execFileSync('ffmpeg', seek)
    const from = 2 * (3 * 4096 + Math.round(6.5 * 44100))
    expect(Buffer.compare(heard, pcm.subarray(from, from + heard.length))).toBe(0)
  })

  it('plays while it grows', () => {
    const pcm = makePcm('music', 30000, 2, 16)
    const spans = spansOf(encodeFlac(pcm, { channels: 2, bits: 16 }))
    const muxer = flacFormat.createMuxer(spans[0].header, CONTEXT)
    const growing = [muxer.begin()]
    for (const span of spans.slice(0, 5)) growing.push(muxer.write(span))
    const file = joinBytes(growing)
    expect(Buffer.compare(decodeFlac(file), pcm.subarray(0, muxer.counts.samples * 4))).toBe(0)
    writeFileSync(folder.file('growing.flac'), file)
    const args = ['-nostdin', '-v', 'warning', '-xerror', '-i', folder.file('growing.flac'), '-f', 'null', '-']
    const { status, stderr } = spawnSync('ffmpeg', args, { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    expect(muxer.counts.frames).toBe(5)
  })

  it('never changes its length at the end', () => {
    const spans = spansOf(encodeFlac(makePcm('music', 9000, 2, 16), { channels: 2, bits: 16 }))
    const muxer = flacFormat.createMuxer(spans[0].header, CONTEXT)
    const head = muxer.begin()
    spans.forEach((span: FrameSpan) => muxer.write(span))
    const { tail, patches } = muxer.end()
    expect(tail).toHaveLength(0)
    for (const { offsetBytes, bytes } of patches) expect(offsetBytes + bytes.length).toBeLessThanOrEqual(head.length)
  })

  it('refuses the header of another format', () => {
    const info = { codec: 'mp3', sampleRateHz: 44100, channels: 2, bitrateBps: 0 } as const
    const header = new HeaderCapture({ format: 'mp3', extension: 'mp3', info })
    expect(() => flacFormat.createMuxer(header, CONTEXT)).toThrow(
      expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }),
    )
  })

  const metaflacList = (path: string) =>
    execFileSync('metaflac', ['--list', '--block-type=SEEKTABLE', path], { encoding: 'utf8' })
})

function startOf(frame: Uint8Array): number {
  return parseFlacFrameHeader(frame)!.number
}
