import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkFiles, CHECKER_TOOLS } from '../../../../../tests/e2e/rig/checkers.js'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { cut } from '../../../src/station/files/cut.js'
import { exportRecordings } from '../../../src/station/files/export.js'
import { AUDIO_KINDS, audioKind, encodeKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'
import { apart, decodeFiles, joined } from '../../support/decoded.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-export-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const START = Date.UTC(2026, 10, 22, 16)
const SECONDS = 6
/** Where the files of a run begin. */
const CUTS = [0.4, 1.7, 3.1, 4.6]

interface Run {
  readonly kind: AudioKind
  /** Name of the run. */
  readonly run: string
  readonly startedAt: number
}

/** Records runs of three files each into a new folder with a ledger, as a recorder does. */
async function record(name: string, runs: readonly Run[]) {
  const directory = join(folder, name)
  mkdirSync(join(directory, '.isr'), { recursive: true })
  const lines: object[] = []
  const streams: string[] = []
  for (const { kind, run, startedAt } of runs) {
    const stream = join(folder, `stream-${name}-${run}.${kind.extension}`)
    writeFileSync(stream, encodeKind(kind, SECONDS))
    let first: number | undefined
    for (let seq = 0; seq < 3; seq++) {
      const file = `${run}_${seq}.${kind.extension}`
      const [startSeconds, endSeconds] = [CUTS[seq], CUTS[seq + 1]]
      const piece = await cut({
        input: stream,
        output: join(directory, file),
        startSeconds,
        endSeconds,
        source: 'radio',
      })
      first ??= piece.startSeconds
      const at = startedAt + (piece.startSeconds - first) * 1000
      lines.push({
        v: 1,
        type: 'recording',
        source: 'radio',
        run,
        name: file,
        startedAt: new Date(Math.round(at)).toISOString(),
        utcOffset: '+00:00',
        format: piece.format,
        codec: kind.name === 'Opus' ? 'opus' : 'mp3',
        sampleRate: kind.rateHz,
        channels: kind.channels,
        seq,
        samples: piece.samples,
        durationSeconds: piece.samples / kind.rateHz,
        bytes: piece.bytes,
        headerBytes: 0,
        receivedBytes: piece.bytes,
        sha256: '',
        frames: piece.frames,
        prerollFrames: piece.prerollFrames,
        prerollSamples: 0,
        closedBy: 'boundary',
        titles: [],
      })
    }
    streams.push(stream)
  }
  writeFileSync(join(directory, '.isr/ledger.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return { directory, streams, files: lines.map((line) => join(directory, (line as { name: string }).name)) }
}

const kinds = AUDIO_KINDS.filter(({ name }) => name !== 'AAC')
const SPAN = { source: 'radio', from: START - 1000, to: START + 60_000 }

describe.skipIf(missingTools([...ENCODER_TOOLS, ...CHECKER_TOOLS]).length > 0)('an export', () => {
  for (const kind of kinds) {
    it(`of a run is the stream, sample for sample; of two it goes on after the gap: ${kind.name}`, async () => {
      const stem = kind.name.replaceAll(' ', '_')
      const { directory, files } = await record(stem, [
        { kind, run: 'one', startedAt: START },
        { kind, run: 'two', startedAt: START + 10_000 },
      ])
      const one = await exportRecordings({
        ...SPAN,
        directory,
        output: join(folder, `${stem}-one.${kind.extension}`),
        from: START,
        to: START + 9000,
      })
      expect(one.parts.map(({ name }) => name)).toEqual([0, 1, 2].map((seq) => `one_${seq}.${kind.extension}`))
      expect(one.startedAt).toBe(START)
      expect(one.gaps).toEqual([expect.objectContaining({ to: START + 9000 })])
      const part = await exportRecordings({
        ...SPAN,
        directory,
        output: join(folder, `${stem}-part.${kind.extension}`),
        from: START + 700,
        to: START + 3500,
      })
      expect(part.gaps).toEqual([])
      const two = await exportRecordings({
        ...SPAN,
        directory,
        output: join(folder, `${stem}-two.${kind.extension}`),
        from: START,
        to: START + 30_000,
      })
      expect(two.parts).toHaveLength(6)
      const [gap, after] = two.gaps
      expect(two.gaps).toHaveLength(2)
      expect(gap.seconds).toBeCloseTo(10 - one.durationSeconds, 2)
      expect(gap.atSeconds).toBeCloseTo(one.durationSeconds, 6)
      expect(after.to).toBe(START + 30_000)
      expect(two.overlaps).toEqual([])

      const [all, some, both, ...parts] = decodeFiles([one.output, part.output, two.output, ...files])
      const limit = kind.name === 'Opus' ? 1.01 : 0
      const run = joined(parts.slice(0, 3))
      const close = (result: ReturnType<typeof apart>) => {
        expect({ samples: result.samples, close: result.steps <= limit }).toEqual({ samples: 0, close: true })
      }
      close(apart(all, run))
      expect(all.length).toBe(one.samples * kind.channels)
      const at = Math.round(((part.startedAt - START) * kind.rateHz) / 1000) * kind.channels
      // the ledger has milliseconds
      expect(Math.abs(part.startedAt - START - 700)).toBeLessThan(120)
      close(apart(some, run.subarray(at, at + some.length)))
      // the second run is there too, the last of it untouched by what was before
      expect(both.length).toBe(two.samples * kind.channels)
      close(apart(both.subarray(0, all.length - 3000), all.subarray(0, all.length - 3000)))
      const tail = parts[5]
      close(apart(both.subarray(both.length - tail.length), tail))
      const inserted = two.samples / kind.rateHz - 2 * one.durationSeconds
      expect(Math.abs(inserted)).toBeLessThan(0.11)
      expect(await checkFiles([one.output, two.output])).toEqual([])
    })
  }

  it('fills gaps with silence where the format allows', async () => {
    for (const kind of kinds.filter(({ name }) => ['WAV', 'FLAC', 'Ogg FLAC', 'MP3 CBR'].includes(name))) {
      const stem = `fill-${kind.name.replaceAll(' ', '_')}`
      const { directory } = await record(stem, [
        { kind, run: 'one', startedAt: START },
        { kind, run: 'two', startedAt: START + 7000 },
      ])
      const output = join(folder, `${stem}.${kind.extension}`)
      const made = await exportRecordings({ ...SPAN, directory, output, fillGaps: 'silence' })
      expect(made.gaps[1].filledSeconds).toBeCloseTo(made.gaps[1].seconds, 1)
      const second = made.parts[3]
      expect(Math.abs(second.atSeconds - 7)).toBeLessThan(kind.name === 'WAV' ? 0.002 : 0.15)
      const [pcm] = decodeFiles([output])
      expect(pcm.length).toBe(made.samples * kind.channels)
      const quiet = pcm.subarray(5.5 * kind.rateHz * kind.channels, 6.5 * kind.rateHz * kind.channels)
      expect(quiet.every((sample) => sample === 0)).toBe(true)
      expect(await checkFiles([output])).toEqual([])
    }
    const { directory } = await record('fill-Vorbis', [{ kind: audioKind('Vorbis'), run: 'one', startedAt: START }])
    const output = join(folder, 'fill.ogg')
    await expect(exportRecordings({ ...SPAN, directory, output, fillGaps: 'silence' })).rejects.toMatchObject({
      code: 'ISR_ARGUMENT_INVALID',
    })
  })

  it('of mixed formats is refused, or decoded on request', async () => {
    const { directory, files } = await record('mixed', [
      { kind: audioKind('MP3 CBR'), run: 'one', startedAt: START },
      { kind: audioKind('Vorbis'), run: 'two', startedAt: START + 6000 },
      { kind: audioKind('FLAC'), run: 'three', startedAt: START + 12_000 },
    ])
    const output = join(folder, 'mixed.wav')
    await expect(exportRecordings({ ...SPAN, directory, output })).rejects.toMatchObject({ code: 'ISR_FORMATS_DIFFER' })
    const made = await exportRecordings({ ...SPAN, directory, output, as: 'wav', fillGaps: 'silence' })
    expect(made).toMatchObject({ format: 'wav', parts: { length: 9 } })
    const [all, ...parts] = decodeFiles([output, ...files])
    for (const [index, { atSeconds }] of made.parts.entries()) {
      const at = Math.round(atSeconds * 44100) * 2
      const { steps } = apart(all.subarray(at, at + parts[index].length), parts[index])
      expect({ index, close: steps <= 1 }).toEqual({ index, close: true })
    }
    expect(made.parts[3].atSeconds).toBeCloseTo(6, 2)
    expect(await checkFiles([output])).toEqual([])
    const flac = { directory, output: join(folder, 'mixed.flac'), as: 'flac', fillGaps: 'silence' } as const
    expect(await exportRecordings({ ...SPAN, ...flac })).toEqual({
      ...made,
      output: flac.output,
      format: 'flac',
      bytes: expect.any(Number),
    })
    expect(apart(decodeFiles([flac.output])[0], all).steps).toBe(0)
    expect(await checkFiles([flac.output])).toEqual([])
  })

  it('does not put float samples into FLAC', async () => {
    const { directory } = await record('float', [{ kind: audioKind('WAV of floats'), run: 'one', startedAt: START }])
    const output = join(folder, 'float.flac')
    await expect(exportRecordings({ ...SPAN, directory, output, as: 'flac' })).rejects.toMatchObject({
      code: 'ISR_ARGUMENT_INVALID',
      message: expect.stringMatching(/^FLAC cannot hold .*f32.*decode to wav/),
    })
    expect(existsSync(output)).toBe(false)
  })

  it('puts AAC into MP4 when its name says so', async () => {
    const { directory } = await record('aac', [{ kind: audioKind('AAC'), run: 'one', startedAt: START }])
    const made = await exportRecordings({ ...SPAN, directory, output: join(folder, 'aac.m4a') })
    expect(made.format).toBe('m4a')
    const plain = await exportRecordings({ ...SPAN, directory, output: join(folder, 'joined.aac') })
    expect(plain).toMatchObject({ format: 'aac', samples: made.samples })
    const [mp4, adts] = decodeFiles([made.output, plain.output])
    expect(mp4.length).toBe(made.samples * 2)
    // ADTS cannot say that its first frame fades in
    expect(apart(mp4.subarray(2048), adts.subarray(2048, mp4.length)).steps).toBeLessThanOrEqual(1)
  })

  it('tells what is missing, and refuses what it cannot do', async () => {
    const { directory, files } = await record('hostile', [{ kind: audioKind('WAV'), run: 'one', startedAt: START }])
    unlinkSync(files[1])
    const output = join(folder, 'hostile.wav')
    const made = await exportRecordings({ ...SPAN, directory, output })
    expect(made.missing).toEqual(['one_1.wav'])
    expect(made.gaps).toHaveLength(3)
    expect(made.gaps[1].seconds).toBeCloseTo(CUTS[2] - CUTS[1], 2)
    const before = readFileSync(output)
    const refusal = (options: object) => exportRecordings({ ...SPAN, directory, output, ...options })
    await expect(refusal({})).rejects.toMatchObject({ code: 'ISR_STORAGE_EXISTS' })
    expect(readFileSync(output)).toEqual(before)
    const other = { output: join(folder, 'other.wav') }
    await expect(refusal({ ...other, to: START - 1000 })).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
    await expect(refusal({ ...other, source: 'nobody' })).rejects.toMatchObject({ code: 'ISR_SPAN_EMPTY' })
    await expect(refusal({ ...other, from: START + 50_000 })).rejects.toMatchObject({ code: 'ISR_SPAN_EMPTY' })
    await expect(refusal({ ...other, directory: folder })).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    await expect(refusal({ ...other, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
  })
})
