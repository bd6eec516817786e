import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { readVorbisModes } from '../../../../src/formats/ogg/codecs/vorbis-setup.js'
import { vorbisCodec } from '../../../../src/formats/ogg/codecs/vorbis.js'
import { createFolder, encode, makeWav, OGG_TOOLS, run } from '../support/fixtures.js'
import { decode } from '../support/judges.js'
import { frame } from '../support/split.js'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'

const folder = createFolder()
afterAll(() => folder.remove())

let number = 0
function oggenc(wav: { rate: number; channels: number; seconds?: number }, ...options: string[]) {
  const path = makeWav(folder.file(`${++number}.wav`), { seconds: 1.5, ...wav })
  return encode(folder, 'vorbis', `${number}.ogg`, path, ...options)
}

describeWithTools(OGG_TOOLS, 'vorbis', () => {
  it.each([
    [44100, 2, ['-q', '-1']],
    [44100, 2, ['-q', '3']],
    [44100, 2, ['-q', '10']],
    [48000, 1, ['-q', '5']],
    [48000, 2, ['-b', '128', '--managed']],
    [8000, 1, ['-q', '0']],
    [11025, 2, ['-q', '2']],
    [16000, 1, ['-q', '4']],
    [22050, 1, ['-q', '1']],
    [32000, 2, ['-q', '6']],
    [96000, 2, ['-q', '5']],
    [48000, 6, ['-q', '3']],
  ])('times packets of %i Hz, %i channels, %j as ffprobe and oggdec do', (rate, channels, options) => {
    const fixture = oggenc({ rate, channels }, ...options)
    const { spans } = frame(fixture.bytes)
    expect(spans[0].header.info).toMatchObject({ codec: 'vorbis', sampleRateHz: rate, channels })
    const samples = spans.reduce((sum, span) => sum + span.samples, 0)
    expect(samples).toBe(Math.round(rate * 1.5))
    expect(decode(folder, fixture.path, 'vorbis').length).toBe(samples * channels)

    const durations = spans.flatMap((span) =>
      Array.from({ length: span.frames }, (_, index) => span.sampleOffset(index + 1) - span.sampleOffset(index)),
    )
    const probed = run('ffprobe', '-v', 'error', '-show_entries', 'packet=duration', '-of', 'csv=p=0', fixture.path)
    const judge = probed.toString().split('\n').filter(Boolean).map(Number)
    // ffprobe does not cut the last packet, and gives the silent first one a length
    expect(durations.slice(1, -1)).toEqual(judge.slice(1, -1))
    expect(durations[0]).toBe(0)
    expect(new Set(durations).size).toBeGreaterThan(1)
  })

  it('reads the nominal bit rate', () => {
    const { spans } = frame(oggenc({ rate: 44100, channels: 2 }, '-q', '4').bytes)
    expect(spans[0].header.info.bitrateBps).toBe(128000)
  })

  it.each(['vorbis', 'libvorbis'])('times what ffmpeg encodes with %s', (encoder) => {
    const wav = makeWav(folder.file('f.wav'), { seconds: 2, rate: 44100 })
    const path = folder.file(`${encoder}.ogg`)
    run('ffmpeg', '-v', 'error', '-i', wav, '-c:a', encoder, '-strict', '-2', path)
    const { spans } = frame(readFileSync(path))
    const judge = run('ffprobe', '-v', 'error', '-show_entries', 'stream=duration_ts', '-of', 'csv=p=0', path)
    expect(spans.reduce((sum, span) => sum + span.samples, 0)).toBe(Number(judge.toString()))
  })

  it('refuses a broken setup header and never throws', () => {
    const header = frame(oggenc({ rate: 44100, channels: 2, seconds: 0.2 }).bytes).spans[0].header
    const setup = header.packets[2]
    expect(readVorbisModes(setup, 2)).toEqual([false, true])
    expect(readVorbisModes(setup.subarray(0, -1), 2)).toBeUndefined()
    fc.assert(
      fc.property(fc.nat(setup.length * 8 - 1), fc.nat(setup.length), (bit, length) => {
        const damaged = setup.slice(0, length)
        if (bit >> 3 < length) damaged[bit >> 3] ^= 1 << (bit & 7)
        const modes = readVorbisModes(damaged, 2)
        expect(modes === undefined || modes.length <= 64).toBe(true)
        if (length < setup.length - 1) expect(modes).toBeUndefined()
      }),
      { numRuns: 300 },
    )
    const absurd = new Uint8Array(Buffer.concat([setup.subarray(0, 8), Buffer.alloc(64, 0xff)]))
    expect(readVorbisModes(absurd, 2)).toBeUndefined()
  })

  it('knows an identification header by its facts', () => {
    const [identification] = frame(oggenc({ rate: 44100, channels: 2, seconds: 0.2 }).bytes).spans[0].header.packets
    expect(vorbisCodec.recognises(identification)).toBe(true)
    for (const [offset, value] of [
      [7, 1],
      [11, 0],
      [28, 0x8f],
      [29, 0],
    ]) {
      const wrong = identification.slice()
      wrong[offset] = value
      expect(vorbisCodec.recognises(wrong)).toBe(false)
    }
  })
})
