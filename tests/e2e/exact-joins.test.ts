import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatNamed } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answer, fileOf } from '../../packages/core/test/formats/support/reading.js'
import { DECODER_TOOLS, decodersFor, difference, samplesOf } from './joins/decoders.js'
import { expectRightDurations } from './joins/durations.js'
import { digest, payloadOf } from './joins/payload.js'
import { randomCuts } from './joins/random-cuts.js'
import type { CutRecording, Part } from './joins/record-cut.js'
import { chunkedSource, fileSource, recordCut } from './joins/record-cut.js'
import type { StreamKind } from './joins/streams.js'
import { ENCODER_TOOLS, makeStream, STREAM_KINDS } from './joins/streams.js'
import type { AllowedWords } from './rig/checkers.js'
import { CHECKER_TOOLS, checkFiles, MPEG_2_5, ONE_PACKET_VORBIS } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { lawBreaks } from './support/ledger-file.js'

const CUTS = 100
const SECONDS = 30
/** With ISR_SOAK=1 ten times as many cuts, in other places, and every file of the first round is checked by every checker. */
const SOAK = process.env.ISR_SOAK === '1'
const ROUNDS = SOAK ? 10 : 1
const TIMEOUT_MS = SOAK ? 900_000 : 60_000

/** A 16-bit step in the floats of a decoder. */
const LSB = 1 / 32768
/** mp3val and mp3check take a file of less for no MP3 at all. */
const LEAST_MP3_SECONDS = 0.5

const cases = STREAM_KINDS.flatMap((kind, index) =>
  Array.from({ length: ROUNDS }, (_, round) => ({ kind, seed: 1000 * round + index + 1 })),
)

describeWithTools(
  [...new Set([...CHECKER_TOOLS, ...DECODER_TOOLS, ...ENCODER_TOOLS, 'ffprobe', 'mediainfo'])],
  `streams cut at ${CUTS} random frames`,
  () => {
    const folder = tempDir('isr-joins-')
    const report: string[] = []
    afterAll(() => SOAK && console.log(report.join('\n')))

    describe.each(cases)('$kind.name, seed $seed', ({ kind, seed }) => {
      let path: string
      let stream: Buffer
      let frames: number
      let cuts: number[]
      let recording: CutRecording

      beforeAll(async () => {
        path = await makeStream(kind, folder, SECONDS)
        stream = readFileSync(path)
        frames = payloadOf(kind, stream, 0).frames
        const last = frames
        cuts = randomCuts(last, CUTS, seed)
        const source = seed % 2 === 0 ? fileSource(path) : chunkedSource(stream, seed)
        recording = await recordCut(source, {
          cuts,
          folder: join(folder, `${kind.name.replaceAll(/\W+/g, '-')}-${seed}`),
          ...(kind.opusPrerollMs && { opusPrerollMs: kind.opusPrerollMs }),
        })
      })

      it('decode to the stream, sample for sample', async () => {
        for (const { name, pcm, noise, decode } of decodersFor(kind)) {
          const whole = await decode([path])
          expect(loudest(pcm, whole)).toBeGreaterThan(0.1)
          const found = difference(pcm, await decode(recording.parts.map((part) => part.path)), whole)
          report.push(`${kind.name}, ${name}: ${recording.parts.length} files, ${JSON.stringify(found)}`)
          const allowed = kind.opusPrerollMs === 400 ? (pcm === 's16le' ? 1 : LSB) : noise
          expect({ name, length: found.length }).toEqual({ name, length: 0 })
          expect(found.most, name).toBeLessThanOrEqual(allowed)
          if (allowed === 0) expect(found.differing, name).toBe(0)
        }
      })

      it('hold every frame of the source once, and the ledger tells which', () => {
        const { parts, ledger } = recording
        const edges = [0, ...cuts, frames]
        expect(parts.map(({ line }) => line.frames)).toEqual(edges.slice(1).map((edge, index) => edge - edges[index]))
        const payloads = parts.map(({ path, line }) => payloadOf(kind, readFileSync(path), line.prerollFrames))
        expect(payloads.map((payload) => payload.frames)).toEqual(parts.map(({ line }) => line.frames))
        expect(digest(payloads.map(({ bytes }) => bytes))).toBe(digest([payloadOf(kind, stream, 0).bytes]))
        if (kind.extension === '.mp3') expect(digest([payloadOf(kind, stream, 0).bytes])).toBe(digest([stream]))
        expect(lawBreaks(ledger)).toEqual([])
        expect(ledger.gaps).toEqual([])
      })

      it('are on disk what the ledger says, pre-roll included', () => {
        for (const { path, line } of recording.parts) {
          const file = readFileSync(path)
          expect(file.length).toBe(line.bytes)
          const sha256 = createHash('sha256').update(file.subarray(line.headerBytes)).digest('hex')
          expect({ name: line.name, sha256 }).toEqual({ name: line.name, sha256: line.sha256 })
          expect({ seq: line.seq, ...prerollOf(line) }).toEqual({ seq: line.seq, ...expectedPreroll(kind, line, cuts) })
        }
      })

      it('tell a reader what the ledger tells', () => {
        for (const { path, line } of recording.parts) {
          const bytes = readFileSync(path)
          const layout = answer(formatNamed(line.format)!.file.inspect(bytes.length), fileOf(bytes)).result
          const { prerollFrames, samples, startedAt } = layout!
          expect({ seq: line.seq, prerollFrames, samples, startedAt }).toEqual({
            seq: line.seq,
            prerollFrames: line.prerollFrames,
            samples: line.samples,
            startedAt: Date.parse(line.startedAt),
          })
        }
      })

      it(
        'have right durations and nothing that a checker minds',
        async () => {
          const chosen = sample(kind, recording.parts, SOAK && seed < 1000)
          expect(chosen.length).toBeGreaterThanOrEqual(4)
          await expectRightDurations(kind, chosen)
          const onePacket = chosen.filter(({ line }) => line.frames === 1)
          const others = chosen.filter(({ line }) => line.frames > 1)
          expect(await complaints(onePacket, ONE_PACKET_VORBIS)).toEqual([])
          expect(await complaints(others, kind.rateHz < 16000 ? MPEG_2_5 : [])).toEqual([])
        },
        TIMEOUT_MS,
      )
    })

    describe.each(STREAM_KINDS.filter(({ name }) => /MP3 CBR 128$|Vorbis q5|Opus music, 400/.test(name)))(
      '$name: this test would tell',
      (kind) => {
        const record = async (splitJoin: 'exact' | 'verbatim') => {
          const path = await makeStream(kind, folder, 10)
          const cuts = [100, 200, 300]
          const { parts } = await recordCut(fileSource(path), {
            cuts,
            folder: join(folder, splitJoin, kind.name),
            splitJoin,
          })
          return { path, paths: parts.map((part) => part.path) }
        }
        const [{ pcm, decode }] = decodersFor(kind)

        it('files without pre-roll', async () => {
          const { path, paths } = await record('verbatim')
          const { length, most } = difference(pcm, await decode(paths), await decode([path]))
          expect(length !== 0 || most > 100 * LSB).toBe(true)
        })

        it('a lost file, and files in another order', async () => {
          const { path, paths } = await record('exact')
          const whole = await decode([path])
          expect(difference(pcm, await decode(paths.slice(0, -1)), whole).length).toBeLessThan(-1000)
          const [first, second, ...others] = paths
          expect(difference(pcm, await decode([second, first, ...others]), whole).most).toBeGreaterThan(100 * LSB)
        })
      },
    )
  },
)

const complaints = (parts: readonly Part[], allow: readonly AllowedWords[]) =>
  checkFiles(
    parts.map(({ path }) => path),
    { allow },
  )

/** 1 is full scale. */
function loudest(pcm: StreamKind['pcm'], sound: Buffer): number {
  const samples = samplesOf(pcm, sound)
  let most = 0
  for (let index = 0; index < samples.length; index++) most = Math.max(most, Math.abs(samples[index]))
  return most / { s16le: 2 ** 15, s32le: 2 ** 31, f32le: 1 }[pcm]
}

function prerollOf({ prerollFrames, prerollSamples }: Part['line']) {
  return { prerollFrames, prerollSamples }
}

/** What the design promises: no less, and nothing where nothing is before the file. */
function expectedPreroll(kind: StreamKind, line: Part['line'], cuts: readonly number[]) {
  const before = line.seq === 0 ? 0 : cuts[line.seq - 1]
  switch (kind.extension) {
    case '.mp3': {
      // a frame for the reservoir, and two granules of audio
      const samplesPerFrame = kind.rateHz >= 32000 ? 1152 : 576
      const prerollFrames = 1 + Math.min(before, kind.rateHz >= 32000 ? 1 : 2)
      return { prerollFrames, prerollSamples: prerollFrames * samplesPerFrame }
    }
    case '.ogg':
      return { prerollFrames: Math.min(before, 1), prerollSamples: 0 }
    case '.opus': {
      const prerollFrames = Math.min(before, kind.opusPrerollMs! / 20)
      return { prerollFrames, prerollSamples: prerollFrames * 960 }
    }
    default:
      return { prerollFrames: 0, prerollSamples: 0 }
  }
}

/** The parts that checkers are asked about: long ones, and the shortest where the checkers know such files at all. */
function sample(kind: StreamKind, parts: readonly Part[], all: boolean): Part[] {
  const heard = parts.filter(({ line }) => line.samples > 0)
  const long = heard.filter(({ line }) => line.durationSeconds >= LEAST_MP3_SECONDS)
  if (all) return kind.extension === '.mp3' ? long : heard
  const ends = [long[0], long[Math.floor(long.length / 3)], long[Math.floor((2 * long.length) / 3)], long.at(-1)!]
  return kind.extension === '.mp3' ? ends : [...ends, heard[0], heard[1], heard.at(-1)!]
}
