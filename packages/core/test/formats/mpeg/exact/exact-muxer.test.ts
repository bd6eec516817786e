import { execFileSync } from 'node:child_process'
import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'
import { mp3Format } from '../../../../src/formats/mpeg/index.js'
import { createFolder, encodeMp3 } from '../../support/encoded.js'
import { frameAll, framesOf, hex, join, randomIntegers, splitInto, type MadeFile } from '../../support/framing.js'
import { decodeByFfmpeg, decodeByMpg123, difference, expectSilent, probe, writeTo } from '../../support/judges.js'
import { withCrc } from '../../support/protected.js'

const folder = createFolder()
afterAll(() => folder.remove())

interface Stream {
  readonly name: string
  readonly bytes: () => Uint8Array
  /** mpg123 rounds by where in its ring the filter bank stands: only some builds of it are exact to the bit. */
  readonly mpg123Most: number
}

const encoded = (args: string, rateHz: number, channels: number, seconds?: number) => () =>
  encodeMp3(args, { rateHz, channels, ...(seconds && { seconds }) })
const streams: readonly Stream[] = [
  { name: 'CBR 128', bytes: encoded('-b:a 128k', 44100, 2), mpg123Most: 0 },
  { name: 'VBR V4', bytes: encoded('-q:a 4', 44100, 2), mpg123Most: 0 },
  { name: 'ABR 96', bytes: encoded('-abr 1 -b:a 96k', 44100, 2), mpg123Most: 0 },
  { name: 'CBR 320 at 48 kHz', bytes: encoded('-b:a 320k', 48000, 2), mpg123Most: 1 },
  { name: 'CBR 32 at 32 kHz', bytes: encoded('-b:a 32k', 32000, 2), mpg123Most: 1 },
  { name: 'mono 64', bytes: encoded('-b:a 64k', 44100, 1), mpg123Most: 1 },
  { name: 'no reservoir', bytes: encoded('-b:a 96k -reservoir 0', 44100, 2), mpg123Most: 0 },
  { name: 'MPEG-2 64 at 22.05 kHz', bytes: encoded('-b:a 64k', 22050, 2), mpg123Most: 1 },
  { name: 'MPEG-2 VBR', bytes: encoded('-q:a 6', 22050, 2), mpg123Most: 1 },
  { name: 'MPEG-2 8 at 24 kHz stereo', bytes: encoded('-b:a 8k', 24000, 2), mpg123Most: 1 },
  { name: 'MPEG-2 mono 16', bytes: encoded('-b:a 16k', 16000, 1, 6), mpg123Most: 1 },
  { name: 'MPEG-2.5 8 at 8 kHz', bytes: encoded('-b:a 8k', 8000, 1, 12), mpg123Most: 1 },
  { name: 'CRC', bytes: () => withCrc(encodeMp3('-b:a 96k -reservoir 0')), mpg123Most: 0 },
]

/** Ascending, the first frames among them: there history is short. */
function randomCuts(frames: number, seed: number): number[] {
  const random = randomIntegers(seed)
  const cuts = Array.from({ length: 12 }, () => 1 + random(frames - 1))
  return [...new Set([1, 2, 3, ...cuts])].sort((a, b) => a - b)
}

function write(name: string, files: readonly MadeFile[]): string[] {
  return files.map((file, index) => writeTo(folder.file(`${name}${index}.mp3`), file.bytes))
}

describeWithTools(['ffmpeg', 'ffprobe', 'mediainfo', 'mpg123', 'mp3val', 'mp3check'], 'ExactMp3Muxer', () => {
  for (const { name, bytes, mpg123Most } of streams) {
    it(`makes files that join to the stream, sample for sample: ${name}`, () => {
      const stream = bytes()
      const frames = framesOf(frameAll(mp3Format, stream)).length
      const files = splitInto(mp3Format, stream, { cuts: randomCuts(frames, stream.length) })
      expect(files.length).toBeGreaterThan(10)
      const parts = write('part', files)
      const whole = writeTo(folder.file('whole.mp3'), stream)
      const [wholePcm] = decodeByFfmpeg([whole])
      expect(wholePcm.some((sample) => Math.abs(sample) > 1000)).toBe(true)
      expect(difference(decodeByFfmpeg(parts), wholePcm)).toEqual({ samples: 0, differing: 0, most: 0 })
      const byMpg123 = difference([decodeByMpg123(parts)], decodeByMpg123([whole]))
      expect(byMpg123.samples).toBe(0)
      expect(byMpg123.most).toBeLessThanOrEqual(mpg123Most)
      // payload identity: behind the header stand the received frames and nothing else
      expect(hex(join(...files.map((file) => file.bytes.subarray(file.headerBytes))))).toBe(hex(stream))
    })

    it(`makes files that every checker is silent about: ${name}`, async () => {
      const stream = bytes()
      const frames = framesOf(frameAll(mp3Format, stream)).length
      // mp3val takes files under half a second for no MPEG audio at all
      const files = splitInto(mp3Format, stream, { cuts: [Math.floor(frames / 2) - 3] })
      const paths = write('checked', files)
      for (const path of paths) await expectSilent(path)
    })
  }

  it('makes files that play and that checkers accept while they grow', async () => {
    for (const stream of [encodeMp3('-b:a 128k'), encodeMp3('-q:a 4'), encodeMp3('-b:a 64k', { rateHz: 22050 })]) {
      for (const [index, file] of splitInto(mp3Format, stream, { cuts: [70] }).entries()) {
        const path = writeTo(folder.file(`growing${index}.mp3`), file.growing)
        await expectSilent(path)
        // a player that does not know the length yet plays the pre-roll too, never less than the file's own span
        const [pcm] = decodeByFfmpeg([path])
        expect(pcm.length).toBeGreaterThanOrEqual(2 * file.counts.samples)
      }
    }
  })

  it('keeps every file exact and quiet where the stream was joined midway and its first reservoir is missing', async () => {
    const random = randomIntegers(11)
    for (const args of ['-b:a 128k', '-q:a 4', '-b:a 64k -ar 22050']) {
      const stream = encodeMp3(args)
      const whole = decodeByFfmpeg([writeTo(folder.file('all.mp3'), stream)])[0]
      const loudest = whole.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      const joined = stream.subarray(20_000 + random(2000))
      const [uncut] = splitInto(mp3Format, joined, { cuts: [] })
      const parts = write('joined', splitInto(mp3Format, joined, { cuts: [1, 2, 3, 30] }))
      const uncutPath = writeTo(folder.file('uncut.mp3'), uncut.bytes)
      await expectSilent(uncutPath)
      await expectSilent(parts[4])
      const [pcm] = decodeByFfmpeg([uncutPath])
      expect(difference(decodeByFfmpeg(parts), pcm)).toEqual({ samples: 0, differing: 0, most: 0 })
      // the end, far from what is missing, is that of the stream as it was sent
      expect(difference([pcm.subarray(-40_000)], whole.subarray(-40_000))).toEqual({
        samples: 0,
        differing: 0,
        most: 0,
      })
      const start = pcm.subarray(0, 4 * 1152)
      expect(start.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThanOrEqual(1.5 * loudest)
    }
  })

  it('counts pre-roll apart from the frames of the source', () => {
    const [first, second] = splitInto(mp3Format, encodeMp3('-b:a 128k'), { cuts: [50] })
    expect(first.counts).toEqual({ frames: 50, samples: 50 * 1152, prerollFrames: 1, prerollSamples: 1152 })
    expect(second.counts).toMatchObject({ prerollFrames: 2, prerollSamples: 2 * 1152 })
    const [, mpeg2] = splitInto(mp3Format, encodeMp3('-b:a 64k', { rateHz: 22050 }), { cuts: [50] })
    expect(mpeg2.counts).toMatchObject({ prerollFrames: 3, prerollSamples: 3 * 576 })
  })

  it('says in the file when, where and what it is', () => {
    const [file] = splitInto(mp3Format, encodeMp3('-b:a 128k'), {
      cuts: [],
      context: { title: 'Bj\u00f6rk - J\u00f3ga', source: 'http://radio.example/live' },
    })
    const path = writeTo(folder.file('tagged.mp3'), file.bytes)
    const tags = ['title', 'date', 'isr_start', 'isr_date', 'isr_source'].map(
      (tag) => probe(path, `format_tags=${tag}`)[0],
    )
    expect(tags).toEqual([
      'Bj\u00f6rk - J\u00f3ga',
      '2026-11-22T16:00:00',
      String(Date.UTC(2026, 10, 22, 16, 0, 0, 250) * 1000),
      '2026-11-22T17:00:00.250+01:00',
      'http://radio.example/live',
    ])
  })

  it('declares frames, bytes and the kind of rate, so that lengths are right', () => {
    for (const [args, name] of [
      ['-b:a 128k', 'Info'],
      ['-q:a 4', 'Xing'],
    ]) {
      const [, file] = splitInto(mp3Format, encodeMp3(args), { cuts: [20] })
      const path = writeTo(folder.file('length.mp3'), file.bytes)
      const info = file.bytes.subarray(Buffer.from(file.bytes).indexOf(name) - 36)
      const view = new DataView(info.buffer, info.byteOffset)
      expect(view.getUint32(44)).toBe(file.counts.frames + file.counts.prerollFrames)
      expect(view.getUint32(48)).toBe(info.length)
      const hiddenSeconds = file.counts.prerollSamples / 44100
      expect(Number(probe(path, 'format=duration')[0])).toBeCloseTo(file.counts.samples / 44100 + hiddenSeconds, 3)
      expect(Number(probe(path, 'format=start_time')[0])).toBeCloseTo(hiddenSeconds, 3)
      const shown = execFileSync('mediainfo', ['--Inform=Audio;%Duration%', path], { encoding: 'utf8' })
      expect(Math.abs(Number(shown) / 1000 - file.counts.samples / 44100)).toBeLessThan(0.1)
    }
  })
})
