import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { measureFile } from '../../../src/analysis/measure/measure-file.js'
import type { Measured } from '../../../src/analysis/measure/measurement.js'
import type { MeasureOptions } from '../../../src/analysis/measure/measure-options.js'
import { PyramidReader } from '../../../src/analysis/pyramid/pyramid-reader.js'
import { FfmpegDecoder } from '../../../src/decoders/ffmpeg/ffmpeg-decoder.js'
import { openWasmDecoder } from '../../../src/decoders/open-decoder.js'
import type { FileDecoder } from '../../../src/decoders/decoder.js'
import { openRecordedFile } from '../../../src/editing/file-frames.js'
import { IsrError } from '../../../src/errors.js'
import { builtInFormats } from '../../../src/formats/registry.js'
import { cut } from '../../../src/station/files/cut.js'
import { FileAccess } from '../../../src/storages/access/file-access.js'
import { MemoryAccess } from '../../../src/storages/access/memory-access.js'
import { AUDIO_KINDS, encodeKind, ENCODER_TOOLS } from '../../support/audio-kinds.js'
import { numpyLevels } from '../support/numpy-levels.js'

const SECONDS = 6
/** Decoders round each in their own way; Opus has two that differ the most. */
const ROUNDING = 1e-4

describeWithTools([...ENCODER_TOOLS, 'python3'], 'measureFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isr-measure-'))
  let ffmpeg: FileDecoder
  beforeAll(async () => {
    ffmpeg = (await FfmpegDecoder.find())!
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function measure(path: string, options: Partial<MeasureOptions> = {}): Promise<Measured> {
    const access = await FileAccess.open(path)
    try {
      const file = await openRecordedFile(access, builtInFormats)
      return await measureFile(file, { access, path, openDecoder: openWasmDecoder, levels: {}, ...options })
    } finally {
      await access.close()
    }
  }

  /** What ffmpeg decodes, measured by numpy: RMS over all channels. */
  function oracle(path: string, rate: number, channels: number): number[] {
    const bytes = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, '-f', 'f32le', 'pipe:1'], {
      maxBuffer: 1 << 28,
    })
    const [{ rms }] = numpyLevels([{ format: 'f32', rate, channels, bytes }])
    return Array.from({ length: rms.length / channels }, (_, window) => {
      const part = rms.slice(window * channels, (window + 1) * channels)
      return Math.sqrt(part.reduce((sum, level) => sum + level * level, 0) / channels)
    })
  }

  function expectClose(measured: Measured, expected: readonly number[]): void {
    const { rms } = measured
    expect(rms.length).toBe(expected.length)
    const worst = Math.max(...expected.map((level, window) => Math.abs(level - rms[window])))
    expect(worst).toBeLessThan(ROUNDING)
    expect(Math.max(...rms)).toBeGreaterThan(0.05)
  }

  it.each(AUDIO_KINDS)(
    'finds the levels of $name, whoever decodes',
    async ({ name, extension, rateHz, channels, ...kind }) => {
      const path = join(folder, `${name.replaceAll(' ', '-')}.${extension}`)
      writeFileSync(path, encodeKind({ name, extension, rateHz, channels, ...kind }, SECONDS))
      const piece = join(folder, `-piece:${name.replaceAll(' ', '-')}.${extension}`)
      await cut({ input: path, output: piece, startSeconds: 2.13, endSeconds: 4.9 })
      for (const file of [path, piece]) {
        const expected = oracle(`file:${file}`, rateHz, channels)
        const byFfmpeg = await measure(file, { fileDecoder: ffmpeg })
        expectClose(byFfmpeg, expected)
        const { sampleRateHz, durationSeconds } = byFfmpeg
        expect([sampleRateHz, byFfmpeg.channels]).toEqual([rateHz, channels])
        if (name === 'AAC') continue
        const here = await measure(file)
        expectClose(here, expected)
        expect(here.durationSeconds).toBeCloseTo(durationSeconds, 6)
        expectClose(await measure(file, { mayBlock: true }), expected)
        const reader = (await PyramidReader.open(new MemoryAccess(Buffer.concat(here.levels!))))!
        expect(reader.durationSeconds).toBeCloseTo(durationSeconds, 6)
      }
    },
  )

  it('leaves out what a tagged MP3 says is padding', async () => {
    const path = join(folder, 'tagged.mp3')
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', join(folder, 'WAV.wav'), '-t', '4.321', path])
    const here = await measure(path)
    expectClose(here, oracle(path, 44100, 2))
    expect(here.durationSeconds).toBeCloseTo(4.321, 3)
    const byFile = await measure(path, { fileDecoder: ffmpeg })
    const byPipe = await measure(path, { fileDecoder: ffmpeg, path: undefined })
    expect(byPipe).toEqual(byFile)
    expect(byFile.durationSeconds).toBe(here.durationSeconds)
  })

  it('says what to install where AAC has no decoder', async () => {
    const path = join(folder, 'AAC.aac')
    await expect(measure(path)).rejects.toMatchObject({ code: 'ISR_DECODER_MISSING' })
    await expect(measure(path)).rejects.toThrow(/AAC needs ffmpeg.*install/)
  })

  it('gives ffmpeg bytes when there is no file, and the same comes out', async () => {
    const bytes = Uint8Array.from(readFileSync(join(folder, 'AAC.aac')))
    const access = new MemoryAccess(bytes)
    const file = await openRecordedFile(access, builtInFormats)
    const measured = await measureFile(file, { access, openDecoder: openWasmDecoder, fileDecoder: ffmpeg })
    expect(measured.rms).toEqual((await measure(join(folder, 'AAC.aac'), { fileDecoder: ffmpeg })).rms)
  })

  it('takes its own decoder where a program fails', async () => {
    const failing: FileDecoder = {
      // eslint-disable-next-line require-yield -- it never comes to that
      async *decode() {
        await Promise.resolve()
        throw new IsrError('ISR_DECODE_FAILED', 'not today')
      },
    }
    const path = join(folder, 'Vorbis.ogg')
    expect((await measure(path, { fileDecoder: failing })).rms).toEqual((await measure(path)).rms)
    await expect(measure(join(folder, 'AAC.aac'), { fileDecoder: failing })).rejects.toThrow('not today')
  })

  it('measures streams one after another in a file, of other rates and channels too', async () => {
    const one = readFileSync(join(folder, 'Vorbis.ogg'))
    const two = encodeKind({ ...AUDIO_KINDS.find(({ name }) => name === 'Vorbis')!, rateHz: 22050, channels: 1 }, 3)
    const path = join(folder, 'chained.ogg')
    writeFileSync(path, Buffer.concat([one, two]))
    const measured = await measure(path)
    expect(measured.durationSeconds).toBeCloseTo(SECONDS + 3, 2)
    expect(measured.rms.length).toBe((SECONDS + 3) * 10)
    expect(measured.levels).toBeUndefined()
    const alone = await measure(join(folder, 'Vorbis.ogg'))
    expect(measured.rms.subarray(0, alone.rms.length)).toEqual(alone.rms)
    const twice = join(folder, 'twice.ogg')
    writeFileSync(
      twice,
      Buffer.concat([
        one,
        encodeKind(
          AUDIO_KINDS.find(({ name }) => name === 'Vorbis')!,
          3,
        ),
      ]),
    )
    expect((await measure(twice)).levels).toBeDefined()
  })

  it('measures loudness on request, by whatever way', async () => {
    const loudness = { loudness: true }
    for (const name of ['WAV.wav', 'WAV-of-24-bits,-mono.wav', 'FLAC.flac', 'Opus.opus']) {
      const path = join(folder, name)
      const said = execFileSync('bash', ['-c', `ffmpeg -nostdin -i "$1" -af ebur128 -f null - 2>&1`, 'bash', path])
      const expected = Number(/I:\s+(-[\d.]+) LUFS\s+Threshold/.exec(said.toString())?.[1])
      for (const options of [loudness, { ...loudness, mayBlock: true }, { ...loudness, fileDecoder: ffmpeg }]) {
        const measured = await measure(path, options)
        expect(Math.abs(measured.loudness!.integratedLufs! - expected), name).toBeLessThan(0.11)
      }
    }
  })

  it('stops when it is told to', async () => {
    for (const [name, options] of [
      ['WAV.wav', { mayBlock: true }],
      ['MP3-CBR.mp3', {}],
      ['MP3-CBR.mp3', { fileDecoder: ffmpeg }],
    ] as const) {
      const signal = AbortSignal.abort()
      await expect(measure(join(folder, name), { ...options, signal })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    }
  })

  it('refuses what holds no audio', async () => {
    const path = join(folder, 'empty.wav')
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'anullsrc', '-t', '0.5', '-y', path])
    writeFileSync(path, readFileSync(path).subarray(0, 80))
    await expect(measure(path)).rejects.toMatchObject({ code: expect.stringMatching(/SPAN_EMPTY|FORMAT_UNKNOWN/) })
  })
})
