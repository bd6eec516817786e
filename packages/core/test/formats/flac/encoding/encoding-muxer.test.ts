import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { checkFile } from '../../../../../../tests/e2e/rig/checkers.js'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'
import type { PcmEncoding } from '../../../../src/encoders/encoder.js'
import { flacEncoding } from '../../../../src/encoders/flac/flac-encoding.js'
import { ConfigError } from '../../../../src/errors.js'
import { flacFromPcm } from '../../../../src/formats/flac/encoding/flac-from-pcm.js'
import { flacFormat } from '../../../../src/formats/flac/index.js'
import type { Format } from '../../../../src/formats/format.js'
import { UniformSpan, type FrameSpan } from '../../../../src/formats/frame-span.js'
import { WavHeader } from '../../../../src/formats/wav/header.js'
import type { PcmLayout, SampleFormat } from '../../../../src/model.js'
import { CONTEXT, frameBytes } from '../../support/frame-bytes.js'
import { makePcm } from '../../support/pcm.js'
import { createFolder, decodeFlac, FLAC_TOOLS, headBytes } from '../support/encode.js'

const flac = flacFromPcm(flacEncoding())
const headerOf = (layout: Partial<PcmLayout> = {}) =>
  new WavHeader({ layout: { sampleRateHz: 44_100, channels: 2, sampleFormat: 's16', ...layout } })

function spansOf(header: WavHeader, pcm: Uint8Array, sizes: readonly number[]): FrameSpan[] {
  const blockAlign = (header.layout.channels * Number(header.layout.sampleFormat.slice(1))) / 8
  const spans: FrameSpan[] = []
  for (let at = 0, turn = 0; at < pcm.length; turn++) {
    const bytes = pcm.subarray(at, at + sizes[turn % sizes.length] * blockAlign)
    spans.push(new UniformSpan(header, bytes, blockAlign, 1))
    at += bytes.length
  }
  return spans
}

function muxerOf(header: WavHeader, format: Format = flac, title?: string) {
  return format.createMuxer(format.fileHeader!(header), { ...CONTEXT, ...(title !== undefined && { title }) })
}

/** One file, as a recorder writes it. */
function fileOf(spans: readonly FrameSpan[], format: Format = flac): Uint8Array {
  const muxer = muxerOf(spans[0].header as WavHeader, format)
  const parts = [muxer.begin(), ...spans.map((span) => muxer.write(span))]
  const { tail, patches } = muxer.end()
  const file = Buffer.concat([...parts, tail])
  for (const { offsetBytes, bytes } of patches) file.set(bytes, offsetBytes)
  return new Uint8Array(file)
}

describeWithTools(FLAC_TOOLS, 'FlacEncodingMuxer', () => {
  const folder = createFolder()
  afterAll(() => folder.remove())

  it.each([
    ['16-bit stereo', 2, 's16', 5],
    ['24-bit stereo', 2, 's24', 8],
    ['16-bit mono', 1, 's16', 0],
    ['24-bit mono', 1, 's24', 2],
    ['5.1', 6, 's24', 5],
    ['8 channels', 8, 's16', 3],
  ] as const)('makes perfect files of %s', async (_, channels, sampleFormat, level) => {
    const bits = Number(sampleFormat.slice(1))
    const kinds = channels === 2 ? (['music', 'silence', 'noise', 'square'] as const) : (['music'] as const)
    for (const kind of kinds) {
      const pcm = makePcm(kind, 13_000, channels, bits)
      const spans = spansOf(headerOf({ channels, sampleFormat }), pcm, [4410, 1, 977])
      const file = fileOf(spans, flacFromPcm(flacEncoding({ level })))
      const path = folder.file('a.flac')
      writeFileSync(path, file)
      expect(await checkFile(path), kind).toEqual([])
      const shown = execFileSync('metaflac', ['--show-total-samples', '--show-md5sum', path], { encoding: 'utf8' })
      expect(shown.trim().split('\n')).toEqual(['13000', createHash('md5').update(pcm).digest('hex')])
      expect(Buffer.compare(decodeFlac(file), pcm), kind).toBe(0)
    }
  })

  it('joins exactly over any cuts and any pieces', () => {
    const header = headerOf({ channels: 1 })
    const total = 30_000
    const pcm = makePcm('music', total, 1, 16)
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: total - 1 }), { maxLength: 4 })
    const pieces = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(cuts, pieces, (places, sizes) => {
        const ends = [...places.sort((a, b) => a - b), total]
        const decoded = ends.map((end, index) =>
          decodeFlac(fileOf(spansOf(header, pcm.subarray((ends[index - 1] ?? 0) * 2, end * 2), sizes))),
        )
        expect(Buffer.compare(Buffer.concat(decoded), pcm)).toBe(0)
      }),
      { numRuns: 12 },
    )
  })

  it('makes a file of one sample', async () => {
    const file = fileOf(spansOf(headerOf(), Uint8Array.of(1, 2, 3, 4), [1]))
    const path = folder.file('one.flac')
    writeFileSync(path, file)
    expect(await checkFile(path)).toEqual([])
    expect(Buffer.from(decodeFlac(file))).toEqual(Buffer.of(1, 2, 3, 4))
  })

  it('has written all but one block at any moment, and that much is a file that plays', () => {
    const pcm = makePcm('music', 30_000, 2, 16)
    const spans = spansOf(headerOf(), pcm, [441])
    const muxer = muxerOf(headerOf())
    const parts = [muxer.begin()]
    let given = 0
    for (const [index, span] of spans.entries()) {
      parts.push(muxer.write(span))
      given += span.samples
      const { spans: found, discards } = frameBytes(flacFormat.createFramer, Buffer.concat(parts))
      const written = found.reduce((sum, { samples }) => sum + samples, 0)
      expect(given - written).toBeLessThanOrEqual(4096)
      const held = given - written
      expect(muxer.counts).toEqual({
        ...{ frames: written / 4096, samples: written, prerollFrames: 0, prerollSamples: 0 },
        ...(held > 0 && { held: { samples: held, bytes: held * 4 } }),
      })
      if (written === 0) continue
      expect(discards).toEqual({})
      if (index % 15 === 0) {
        const path = folder.file('growing.flac')
        writeFileSync(path, Buffer.concat(parts))
        const raw = ['-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', path]
        const decoded = execFileSync('flac', raw, { stdio: 'pipe' })
        expect(Buffer.compare(decoded, pcm.subarray(0, written * 4))).toBe(0)
      }
    }
    muxer.end()
  })

  it('puts a title at the sample at which it began', () => {
    const muxer = muxerOf(headerOf(), flac, 'First')
    const [first, second] = spansOf(headerOf(), makePcm('music', 88_200, 2, 16), [44_100])
    const parts = [muxer.begin(), muxer.write(first)]
    muxer.mark('Second')
    parts.push(muxer.write(second))
    const { tail, patches } = muxer.end()
    const file = Buffer.concat([...parts, tail])
    for (const { offsetBytes, bytes } of patches) file.set(bytes, offsetBytes)
    const path = folder.file('titles.flac')
    writeFileSync(path, file)
    const tags = execFileSync('metaflac', ['--export-tags-to=-', path], { encoding: 'utf8' })
    expect(tags).toMatch(/^CHAPTER002=00:00:01.000$/m)
    expect(tags).toMatch(/^CHAPTER002NAME=Second$/m)
    expect(execFileSync('metaflac', ['--show-vendor-tag', path], { encoding: 'utf8' })).toBe('ISR (libFLAC 1.3.4)\n')
  })

  it('tells of speakers that are not the usual ones', () => {
    const layout = { sampleRateHz: 44_100, channels: 4, sampleFormat: 's16' } as const
    const quad = new WavHeader({ layout, channelMask: 0x107 })
    const path = folder.file('speakers.flac')
    writeFileSync(path, fileOf(spansOf(quad, makePcm('music', 100, 4, 16), [100])))
    const tag = ['--show-tag=WAVEFORMATEXTENSIBLE_CHANNEL_MASK', path]
    expect(execFileSync('metaflac', tag, { encoding: 'utf8' })).toBe('WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x0107\n')
    // flac itself believes it
    const wav = execFileSync('flac', ['-s', '-d', '-c', path])
    expect(wav.readUInt32LE(40)).toBe(0x107)
  })
})

describe('flacFromPcm', () => {
  it.each(['f32', 's32'] as SampleFormat[])('refuses %s as a configuration that cannot be', (sampleFormat) => {
    expect(() => flac.fileHeader!(headerOf({ sampleFormat }))).toThrow(ConfigError)
    expect(() => flac.fileHeader!(headerOf({ sampleFormat }))).toThrow(/format = wav/)
  })

  it('refuses headers that are none of its own', () => {
    const wav = headerOf()
    expect(() => flac.createMuxer(wav, CONTEXT)).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
    expect(() => flac.fileHeader!(flac.fileHeader!(wav))).toThrow(
      expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }),
    )
  })

  it('after a failure of the encoder keeps the frames that are there, and claims no sum', () => {
    const encoding: PcmEncoding = {
      ...flacEncoding(),
      open: (setup) => {
        const encoder = flacEncoding().open(setup)
        let calls = 0
        return {
          encode: (pcm) => {
            if (++calls > 2) throw new Error('broken')
            return encoder.encode(pcm)
          },
          finish: () => encoder.finish(),
        }
      },
    }
    const muxer = muxerOf(headerOf(), flacFromPcm(encoding))
    const spans = spansOf(headerOf(), makePcm('music', 15_000, 2, 16), [5000])
    const parts = [muxer.begin(), muxer.write(spans[0]), muxer.write(spans[1])]
    expect(() => muxer.write(spans[2])).toThrow('broken')
    const { tail, patches } = muxer.end()
    expect(tail).toHaveLength(0)
    const file = Buffer.concat(parts)
    for (const { offsetBytes, bytes } of patches) file.set(bytes, offsetBytes)
    expect(muxer.counts).toMatchObject({ frames: 2, samples: 8192 })
    expect(frameBytes(flacFormat.createFramer, file).spans.reduce((sum, { samples }) => sum + samples, 0)).toBe(8192)
    expect(file.subarray(26, 42).every((byte) => byte === 0)).toBe(true)
    expect(headBytes(file)).toBeGreaterThan(42)
  })

  it('takes what is no frame for a failure', () => {
    const encoding: PcmEncoding = {
      ...flacEncoding(),
      open: () => ({ encode: () => [Uint8Array.of(1, 2, 3)], finish: () => [] }),
    }
    const muxer = muxerOf(headerOf(), flacFromPcm(encoding))
    expect(() => muxer.write(spansOf(headerOf(), new Uint8Array(4), [1])[0])).toThrow(
      expect.objectContaining({ code: 'ISR_ENCODE_FAILED' }),
    )
  })
})
