import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodersFor, DECODER_TOOLS, difference } from './joins/decoders.js'
import { countFlacHeaders, noiseWithFlacHeaders, withFalseMp3Headers } from './joins/false-syncs.js'
import { joinedLate, paddedOpus, tornIntoLaces, withoutPositions } from './joins/hostile-ogg.js'
import { digest, payloadOf } from './joins/payload.js'
import { randomCuts, randomIntegers } from './joins/random-cuts.js'
import { chunkedSource, recordCut } from './joins/record-cut.js'
import type { StreamKind } from './joins/streams.js'
import { ENCODER_TOOLS, makeStream } from './joins/streams.js'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { runTool } from './rig/run-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { lawBreaks } from './support/ledger-file.js'
import { audioPackets } from './support/ogg-packets.js'

const SECONDS = 12
const CUTS = 40

const ogg = (name: string, extension: '.ogg' | '.opus' | '.oga', encoder: string): StreamKind => ({
  name,
  extension,
  rateHz: extension === '.opus' ? 48000 : 44100,
  channels: 2,
  sound: 'music',
  encoder,
  pcm: extension === '.oga' ? 's16le' : 'f32le',
  bits: 16,
  ...(extension === '.opus' && { opusPrerollMs: 800 }),
})
const mp3 = (name: string, args: string, rateHz = 44100): StreamKind => ({
  ...ogg(name, '.oga', `ffmpeg -v error -i {in} -c:a libmp3lame ${args} -write_xing 0 -id3v2_version 0 {out}`),
  extension: '.mp3',
  rateHz,
  pcm: 'f32le',
})
/** One packet a page. */
const paged = '-page_duration 1 -f ogg {out}'
const vorbis = ogg('Vorbis', '.ogg', `ffmpeg -v error -i {in} -c:a libvorbis -q:a 5 ${paged}`)
const opus = ogg('Opus', '.opus', `ffmpeg -v error -i {in} -c:a libopus -b:a 96k ${paged}`)
const flac: StreamKind = { ...ogg('FLAC', '.oga', 'flac -s -o {out} {in}'), extension: '.flac' }
const oggFlac = ogg('Ogg FLAC', '.oga', `ffmpeg -v error -i {in} -c:a flac ${paged}`)

describeWithTools(
  [...new Set([...CHECKER_TOOLS, ...DECODER_TOOLS, ...ENCODER_TOOLS])],
  'hostile streams, cut and joined',
  () => {
    const folder = tempDir('isr-hostile-')
    let runs = 0

    /** Records `stream` in files cut at `cuts`, and expects that they decode to what `references` decode to. */
    async function expectExact(
      kind: StreamKind,
      stream: Uint8Array,
      references: readonly string[],
      cuts: readonly number[],
      excepted: readonly string[] = [],
    ) {
      const recording = await recordCut(chunkedSource(stream, cuts[0]), {
        cuts,
        folder: join(folder, `run${runs++}`),
        ...(kind.opusPrerollMs && { opusPrerollMs: kind.opusPrerollMs }),
      })
      const paths = recording.parts.map(({ path }) => path)
      const decoders = decodersFor(kind).filter(({ name }) => !excepted.includes(name))
      for (const { name, pcm, noise, decode } of decoders) {
        // flac warns of streams by ffmpeg, whose headers have no MD5; what is lossless is the same to all
        const whole = await (name === 'flac' ? decoders[0] : { decode }).decode(references)
        const found = difference(pcm, await decode(paths), whole)
        expect({ name, length: found.length }).toEqual({ name, length: 0 })
        expect(found.most, name).toBeLessThanOrEqual(noise)
      }
      expect(lawBreaks(recording.ledger)).toEqual([])
      expect(recording.ledger.gaps).toEqual([])
      const long = recording.parts.filter(({ line }) => line.durationSeconds >= 0.5)
      expect(long.length).toBeGreaterThan(1)
      const complaints = await checkFiles([long[0].path, long.at(-1)!.path])
      expect(complaints.filter(({ checker }) => !excepted.includes(checker))).toEqual([])
      return recording
    }

    const framesOf = (kind: StreamKind, stream: Buffer) => payloadOf(kind, stream, 0).frames
    const cutsFor = (kind: StreamKind, stream: Buffer, seed: number) =>
      randomCuts(framesOf(kind, stream), Math.min(CUTS, Math.floor(framesOf(kind, stream) / 3)), seed)

    it.each([vorbis, opus, oggFlac])('$name in pages of one lace, most of them at position -1', async (kind) => {
      const path = await makeStream(kind, folder, SECONDS)
      const stream = readFileSync(path)
      const torn = tornIntoLaces(stream)
      expect(torn.length).toBeGreaterThan(1.05 * stream.length)
      await expectExact(kind, torn, [path], cutsFor(kind, stream, 3))
    })

    it.each([vorbis, opus, oggFlac])('$name whose pages do not tell their position', async (kind) => {
      const path = await makeStream(kind, folder, SECONDS)
      const stream = readFileSync(path)
      await expectExact(kind, withoutPositions(stream), [path], cutsFor(kind, stream, 4))
    })

    it('Opus in packets of 65 KB over two pages', async () => {
      const path = await makeStream(opus, folder, SECONDS)
      const stream = readFileSync(path)
      const padded = paddedOpus(stream, 65_300)
      expect(padded.length).toBeGreaterThan(framesOf(opus, stream) * 65_300)
      await expectExact(opus, padded, [path], cutsFor(opus, stream, 5))
    })

    it('Ogg FLAC in packets of 65 KB over many pages', async () => {
      const blocks = 60
      const [pcm, path] = [join(folder, 'noise.raw'), join(folder, 'noise.oga')]
      const random = randomIntegers(8)
      const noise = new Int16Array(2 * 16_384 * blocks).map(() => random(65_536) - 32_768)
      writeFileSync(pcm, new Uint8Array(noise.buffer))
      await run('flac', `-s --ogg --lax -b 16384 ${RAW_PCM} -o ${path} ${pcm}`)
      const stream = readFileSync(path)
      expect(audioPackets(stream).filter(({ length }) => length > 65_025).length).toBeGreaterThanOrEqual(blocks - 1)
      await expectExact(oggFlac, stream, [path], cutsFor(oggFlac, stream, 6))
    })

    it.each([
      ['.ogg', 'oggenc -Q -q 1 -o {out} {in}', 'oggenc -Q -q 6 -o {out} {in}'],
      ['.opus', 'opusenc --quiet --bitrate 64 {in} {out}', 'opusenc --quiet --bitrate 128 {in} {out}'],
      ['.oga', 'flac -s --ogg -o {out} {in}', 'flac -s --ogg -1 -b 1152 -o {out} {in}'],
    ] as const)('%s: a chain of two, cut 50 ms around the link', async (extension, first, second) => {
      const kinds = [ogg(`first ${extension}`, extension, first), ogg(`second ${extension}`, extension, second)]
      // no length in common with a frame: the link comes amid one
      const paths = [await makeStream(kinds[0], folder, 4.321), await makeStream(kinds[1], folder, 4.321)]
      const links = paths.map((path) => readFileSync(path))
      const [before, after] = links.map((link) => audioPackets(link).length)
      const nearFrames = { '.ogg': 4, '.opus': 3, '.oga': 1 }[extension]
      const near = Array.from({ length: 2 * nearFrames + 1 }, (_, index) => before - nearFrames + index)
      const cuts = [10, ...near.filter((frame) => frame !== before), before + after - 10]
      const { parts } = await expectExact(kinds[0], Buffer.concat(links), paths, cuts)
      expect(parts.length).toBe(cuts.length + 2)
      const kept = parts.map(({ path, line }) => payloadOf(kinds[0], readFileSync(path), line.prerollFrames).bytes)
      expect(digest(kept)).toBe(digest(links.map((link) => payloadOf(kinds[0], link, 0).bytes)))
      // the first file of the second link has nothing before it
      const second_ = parts[parts.findIndex(({ line }) => line.closedBy === 'format-change') + 1]
      expect(second_.line.prerollFrames).toBe(0)
    })

    it('FLAC with false frame headers in its frames', async () => {
      const blocks = 140
      const [pcm, path] = [join(folder, 'hostile.raw'), join(folder, 'hostile.flac')]
      writeFileSync(pcm, noiseWithFlacHeaders(blocks))
      await run('flac', `-s --no-mid-side ${RAW_PCM} -o ${path} ${pcm}`)
      const stream = readFileSync(path)
      expect(countFlacHeaders(stream)).toBe(4 * blocks)
      // ffmpeg itself takes the false headers of any such file for frames: "illegal residual coding method"
      await expectExact(flac, stream, [path], cutsFor(flac, stream, 7), ['ffmpeg'])
    })

    it('MP3 with false frame headers in its frames', async () => {
      const kind = mp3('MP3 320', '-b:a 320k -reservoir 0')
      const clean = readFileSync(await makeStream(kind, folder, SECONDS))
      const { stream, planted } = withFalseMp3Headers(clean)
      expect(planted).toBeGreaterThan(framesOf(kind, clean))
      const path = join(folder, 'hostile.mp3')
      writeFileSync(path, stream)
      const { parts } = await expectExact(kind, stream, [path], cutsFor(kind, clean, 8))
      expect(digest(parts.map(({ path, line }) => payloadOf(kind, readFileSync(path), line.prerollFrames).bytes))).toBe(
        digest([stream]),
      )
    })

    it('MPEG-2 of 8 kb/s, whose frames of 24 bytes reach back over 80 others', async () => {
      const kind = mp3('MPEG-2 8', '-b:a 8k -ac 2', 24000)
      const path = await makeStream(kind, folder, 30)
      await expectExact(kind, readFileSync(path), [path], cutsFor(kind, readFileSync(path), 9))
    })

    it.each([mp3('MP3 128', '-b:a 128k'), mp3('MP3 VBR', '-q:a 5'), flac, vorbis, opus, oggFlac])(
      '$name joined amid a frame or page: what was cut is what was not',
      async (kind) => {
        const stream = readFileSync(await makeStream(kind, folder, SECONDS))
        const isOgg = /og|op/.test(kind.extension)
        const late = isOgg ? joinedLate(stream, 60_000) : stream.subarray(60_001)
        const { parts } = await recordCut(chunkedSource(late, 1), { cuts: [], folder: join(folder, `run${runs++}`) })
        expect(parts).toHaveLength(1)
        const { frames } = parts[0].line
        expect(frames).toBeGreaterThan(0.5 * framesOf(kind, stream))
        await expectExact(kind, late, [parts[0].path], randomCuts(frames, Math.min(CUTS, Math.floor(frames / 3)), 10))
        // and it is the end of the stream as it was sent
        const kept = payloadOf(kind, readFileSync(parts[0].path), parts[0].line.prerollFrames).bytes
        const sent = payloadOf(kind, stream, 0).bytes
        expect(digest([kept])).toBe(digest([sent.subarray(sent.length - kept.length)]))
      },
    )
  },
)

const RAW_PCM = '--force-raw-format --endian=little --sign=signed --channels=2 --bps=16 --sample-rate=44100'

async function run(command: string, args: string): Promise<void> {
  const { exitCode, output } = await runTool(command, args.split(' '))
  if (exitCode !== 0) throw new Error(`${command} ${args}: ${output.slice(-300)}`)
}
