import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { cut } from '../../../src/station/files/cut.js'
import { exportRecordings, type ExportResult } from '../../../src/station/files/export.js'
import { encodeFlac } from '../../formats/flac/support/encode.js'
import { makePcm } from '../../formats/support/pcm.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-export-flac-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const START = Date.UTC(2026, 10, 22, 16)
const RATE_HZ = 44100
const FRAME_BYTES = 4

interface Part {
  /** Samples per channel. */
  readonly samples: number
  readonly run: string
  readonly seq: number
  /** What `flac` is told. */
  readonly options?: readonly string[]
  /** Silence before it, in seconds. */
  readonly gapSeconds?: number
}

/** Records parts of one signal into files of their own, as a soundcard does across restarts and at exact samples. */
function record(name: string, kind: 'flac' | 'oga', parts: readonly Part[]) {
  const directory = join(folder, name)
  mkdirSync(join(directory, '.isr'), { recursive: true })
  const total = parts.reduce((sum, { samples }) => sum + samples, 0)
  const pcm = makePcm('music', total, 2, 16)
  let at = 0
  let clockMs = START
  const lines = parts.map(({ samples, run, seq, options = [], gapSeconds = 0 }) => {
    const file = `${run}_${seq}.${kind}`
    const own = pcm.subarray(at * FRAME_BYTES, (at + samples) * FRAME_BYTES)
    const ogg = kind === 'oga' ? ['--ogg'] : []
    const bytes = encodeFlac(own, { channels: 2, bits: 16 }, ...ogg, ...options)
    writeFileSync(join(directory, file), bytes)
    clockMs += gapSeconds * 1000
    const line = {
      ...{ v: 1, type: 'recording', source: 'card', run, seq, name: file, utcOffset: '+00:00', format: 'flac' },
      ...{ codec: 'flac', sampleRate: RATE_HZ, channels: 2, samples, bytes: bytes.length, receivedBytes: bytes.length },
      ...{
        headerBytes: 0,
        sha256: '',
        frames: 1,
        prerollFrames: 0,
        prerollSamples: 0,
        closedBy: 'boundary',
        titles: [],
      },
      startedAt: new Date(Math.round(clockMs)).toISOString(),
      durationSeconds: samples / RATE_HZ,
    }
    at += samples
    clockMs += (samples / RATE_HZ) * 1000
    return JSON.stringify(line)
  })
  writeFileSync(join(directory, '.isr/ledger.jsonl'), lines.map((line) => `${line}\n`).join(''))
  const output = join(folder, `${name}-whole.${kind}`)
  const span = { directory, source: 'card', from: START - 1000, to: START + 600_000, output }
  return { pcm, total, output, make: (more = {}) => exportRecordings({ ...span, ...more }) }
}

const tool = (name: string, ...args: string[]) => execFileSync(name, args, { maxBuffer: 1 << 28, stdio: 'pipe' })
const RAW = ['--force-raw-format', '--endian=little', '--sign=signed']
const oggOf = (path: string) => (path.endsWith('.oga') ? ['--ogg'] : [])
const decodedByFlac = (path: string, ...args: string[]) =>
  tool('flac', '-s', '-d', '-c', ...oggOf(path), ...RAW, ...args, path)
const decodedByFfmpeg = (path: string, ...args: string[]) =>
  tool('ffmpeg', '-nostdin', '-v', 'error', '-xerror', ...args, '-i', path, '-f', 's16le', '-')
/** Block sizes in order, and whether each frame carries its sample number, as the reference decoder reads them. */
function blocksOf(path: string) {
  const text = tool('flac', '-s', '-a', '-c', ...oggOf(path), path).toString()
  return [...text.matchAll(/^frame=\d+.*?blocksize=(\d+)/gm)].map(([, size]) => Number(size))
}
const same = (found: Uint8Array, expected: Uint8Array) => {
  expect({ bytes: found.length, same: Buffer.compare(found, expected) === 0 }).toEqual({
    bytes: expected.length,
    same: true,
  })
}

/** Everybody must agree that the file is the parts, one after the other, from wherever it is read. */
function judge(output: string, pcm: Uint8Array, { samples, durationSeconds }: ExportResult): void {
  expect(samples).toBe(pcm.length / FRAME_BYTES)
  expect(durationSeconds).toBeCloseTo(samples / RATE_HZ, 9)
  tool('flac', '-s', '-t', '--warnings-as-errors', ...oggOf(output), output)
  same(decodedByFlac(output), pcm)
  same(decodedByFfmpeg(output), pcm)
  const blocks = blocksOf(output)
  expect(blocks.reduce((sum, size) => sum + size, 0)).toBe(samples)
  expect(Math.min(...blocks.slice(0, -1))).toBeGreaterThanOrEqual(16)
  if (output.endsWith('.flac')) {
    const facts = ['--show-min-blocksize', '--show-max-blocksize', '--show-total-samples']
    expect(
      tool('metaflac', ...facts, output)
        .toString()
        .trim()
        .split('\n')
        .map(Number),
    ).toEqual([Math.min(...blocks.slice(0, -1)), Math.max(...blocks), samples])
  }
  for (const share of [0.2, 0.5, 0.8, 0.95]) {
    const at = Math.floor(samples * share)
    same(
      decodedByFlac(output, `--skip=${at}`, `--until=+${2000}`),
      pcm.subarray(at * FRAME_BYTES, (at + 2000) * FRAME_BYTES),
    )
    const seconds = (at / RATE_HZ).toFixed(6)
    const from = Math.round(Number(seconds) * RATE_HZ) * FRAME_BYTES
    const heard = decodedByFfmpeg(output, '-ss', seconds, '-t', '0.05')
    expect(heard.length).toBeGreaterThan(0.04 * RATE_HZ * FRAME_BYTES)
    same(heard, pcm.subarray(from, from + heard.length))
  }
}

describeWithTools(['flac', 'metaflac', 'ffmpeg'], 'an export of FLAC files that end in short blocks', () => {
  const odd: readonly Part[] = [
    { samples: 100_003, run: 'one', seq: 0 },
    { samples: 77_777, run: 'two', seq: 0 },
  ]
  const many: readonly Part[] = [
    { samples: 4096 * 9 + 5, run: 'one', seq: 0 },
    { samples: 4096 * 5 + 2000, run: 'one', seq: 1 },
    { samples: 40_000, run: 'two', seq: 0, options: ['-b', '1152', '-3'] },
    // ledgers tell milliseconds
    { samples: 9, run: 'two', seq: 1, gapSeconds: 0.002 },
    { samples: 4, run: 'two', seq: 2, gapSeconds: 0.002 },
    { samples: 50_001, run: 'three', seq: 0, gapSeconds: 0.002, options: ['-8', '--lax', '-b', '65535'] },
    { samples: 4096 * 3 + 11, run: 'four', seq: 0 },
  ]

  it.each(['flac', 'oga'] as const)('is the concatenation of two files of odd lengths: %s', async (kind) => {
    const { output, pcm, make } = record(`odd-${kind}`, kind, odd)
    const made = await make()
    expect(made.parts.map(({ seconds }) => Math.round(seconds * RATE_HZ))).toEqual(odd.map(({ samples }) => samples))
    judge(output, pcm, made)
  })

  it.each(['flac', 'oga'] as const)(
    'joins blocks of fewer than 16 samples with the next, whatever the sizes: %s',
    async (kind) => {
      const { output, pcm, make } = record(`many-${kind}`, kind, many)
      const made = await make()
      expect(made.parts.map(({ seconds }) => Math.round(seconds * RATE_HZ))).toEqual(many.map(({ samples }) => samples))
      judge(output, pcm, made)
      expect(blocksOf(output).at(-1)).toBe(11)
      // and what we cut out of it is right, too
      const piece = join(folder, `piece.${kind}`)
      const { startSeconds, samples } = await cut({ input: output, output: piece, startSeconds: 1.5, endSeconds: 3 })
      const from = Math.round(startSeconds * RATE_HZ) * FRAME_BYTES
      expect(samples).toBeGreaterThan(RATE_HZ)
      same(decodedByFlac(piece), pcm.subarray(from, from + samples * FRAME_BYTES))
      tool('flac', '-s', '-t', ...oggOf(piece), piece)
    },
  )

  it('keeps a last block that nothing follows, and writes silence between', async () => {
    const parts: readonly Part[] = [
      { samples: 4096 * 4 + 3, run: 'one', seq: 0 },
      { samples: 30_000, run: 'two', seq: 0, gapSeconds: 1 },
    ]
    const { output, pcm, make } = record('silence', 'flac', parts)
    const { gaps, samples } = await make({ fillGaps: 'silence' })
    const filled = samples - pcm.length / FRAME_BYTES
    expect(filled % 4096).toBe(0)
    expect(gaps[1].filledSeconds).toBeCloseTo(filled / RATE_HZ, 9)
    const cutAt = parts[0].samples * FRAME_BYTES
    const silence = new Uint8Array(filled * FRAME_BYTES)
    same(decodedByFlac(output), Buffer.concat([pcm.subarray(0, cutAt), silence, pcm.subarray(cutAt)]))
    tool('flac', '-s', '-t', '--warnings-as-errors', output)

    const early = join(folder, 'early.flac')
    // the next recording has no frame that begins before the end
    const one = await make({ output: early, to: START + 1000 + ((4096 * 4 + 3) / RATE_HZ) * 1000 - 1000 + 0.01 })
    expect(one.samples).toBe(parts[0].samples)
    same(decodedByFlac(early), pcm.subarray(0, cutAt))
  })

  it('keeps frame numbers where all blocks but the last have one size', async () => {
    const parts: readonly Part[] = [
      { samples: 4096 * 10, run: 'one', seq: 0 },
      { samples: 4096 * 6, run: 'one', seq: 1 },
      { samples: 10_000, run: 'one', seq: 2 },
    ]
    const { output, pcm, make } = record('fixed', 'flac', parts)
    same(decodedByFlac((await make()).output), pcm)
    const facts = tool('metaflac', '--show-min-blocksize', '--show-max-blocksize', output).toString()
    expect(facts.trim().split('\n')).toEqual(['4096', '4096'])
  })
})
