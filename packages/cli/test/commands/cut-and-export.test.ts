import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../../src/run.js'
import { FakeIo, FakeOutput } from '../support/fake-io.js'
import { wavOf } from '../../../../tests/support/wav.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-cli-edit-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A WAV file of so many seconds, 8 kHz mono: as small as its sound is dull. */
function writeWav(name: string, seconds: number): string {
  writeFileSync(path(name), wavOf(new Int16Array(seconds * 8000).fill(0x0101)))
  return path(name)
}

async function isr(...argv: string[]) {
  const io = new FakeIo(new FakeOutput(), new FakeOutput())
  const code = await run(argv, io)
  return { code, out: io.stdout.lines, err: io.stderr.lines, io }
}

describe('isr cut', () => {
  const input = writeWav('input.wav', 10)

  it('writes the piece and tells what it is', async () => {
    const output = path('piece.wav')
    const { code, out, err } = await isr('cut', input, '--start', '0:01.5', '--end', '0:04', '-o', output)
    expect({ code, err }).toEqual({ code: 0, err: [] })
    expect(out).toEqual([expect.stringMatching(/piece\.wav: 0:01\.500 to 0:04\.000, 20000 samples, [\d.]+ KB$/)])
    expect(statSync(output).size).toBeGreaterThan(40_000)
  })

  it('names the piece beside its file, and tells all with --json', async () => {
    const { code, out } = await isr('cut', input, '--start', '1', '--end', '2', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out[0])).toMatchObject({
      output: path('input_0.00.01-0.00.02.wav'),
      format: 'wav',
      startSeconds: 1,
      endSeconds: 2,
      samples: 8000,
    })
  })

  it('puts nothing beside the recordings of a ledger: the piece comes into this folder', async () => {
    mkdirSync(path('archive/.isr'), { recursive: true })
    writeFileSync(path('archive/.isr/ledger.jsonl'), '')
    mkdirSync(path('archive/2026'))
    writeWav('archive/2026/input.wav', 3)
    mkdirSync(path('here'))
    const before = process.cwd()
    process.chdir(path('here'))
    try {
      expect((await isr('cut', '../archive/2026/input.wav', '--start', '1', '--end', '2')).code).toBe(0)
    } finally {
      process.chdir(before)
    }
    expect(readdirSync(path('here'))).toEqual(['input_0.00.01-0.00.02.wav'])
    expect(readdirSync(path('archive/2026'))).toEqual(['input.wav'])
  })

  it('fails with one clear line', async () => {
    const cases: [string[], number, RegExp][] = [
      [['cut', input, '--start', '2', '--end', '1'], 2, /the end behind it/],
      [['cut', input, '--start', 'x', '--end', '1'], 2, /m:ss/],
      [['cut', input, '--start', '1'], 2, /--end/],
      [['cut', input, '--start', '20', '--end', '30'], 1, /10\.000 s long/],
      [['cut', path('none.mp3'), '--start', '0', '--end', '1'], 1, /none\.mp3: it does not exist/],
      [['cut', input, '--start', '0', '--end', '1', '-o', input], 1, /nothing is ever overwritten/],
      [['cut', input, '--start', '0', '--end', '1', '-o', path('piece.MP3')], 2, /name it .*piece\.wav$/],
    ]
    for (const [argv, exitCode, words] of cases) {
      const { code, out, err } = await isr(...argv)
      expect({ argv, code, out }).toEqual({ argv, code: exitCode, out: [] })
      expect(err).toEqual([expect.stringMatching(words)])
    }
  })

  it('stops at a signal and leaves nothing behind', async () => {
    const large = writeWav('large.wav', 600)
    const before = readdirSync(folder)
    const io = new FakeIo()
    const done = run(['cut', large, '--start', '0', '--end', '600', '-o', path('stopped.wav')], io)
    while (!io.isListening) await new Promise((resolve) => setImmediate(resolve))
    io.signal('SIGINT')
    expect(await done).toBe(1)
    expect(io.isListening).toBe(false)
    expect(io.stderr.lines).toEqual([expect.stringMatching(/stopped/)])
    expect(readdirSync(folder)).toEqual(before)
  })
})

describe('isr export', () => {
  const recordings = path('recordings')
  mkdirSync(join(recordings, '.isr'), { recursive: true })
  const line = (name: string, run: string, startedAt: string) => ({
    ...{ v: 1, type: 'recording', source: 'radio', run, name, startedAt, utcOffset: '+00:00', format: 'wav' },
    ...{ codec: 'pcm', sampleRate: 8000, channels: 1, seq: 0, samples: 40_000, durationSeconds: 5, bytes: 80_044 },
    ...{ headerBytes: 44, receivedBytes: 80_044, sha256: '', frames: 40_000, prerollFrames: 0, prerollSamples: 0 },
    ...{ closedBy: 'stop', titles: [] },
  })
  writeWav('recordings/a.wav', 5)
  writeWav('recordings/b.wav', 5)
  const lines = [line('a.wav', 'one', '2026-11-22T16:00:00.000Z'), line('b.wav', 'two', '2026-11-22T16:00:08.000Z')]
  writeFileSync(join(recordings, '.isr/ledger.jsonl'), lines.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const span = ['--source', 'radio', '--from', '2026-11-22T16:00:00Z', '--to', '2026-11-22T16:00:12Z']

  it('joins recordings and tells the gaps', async () => {
    const { code, out, err } = await isr('export', ...span, '-o', path('joined.wav'), recordings)
    expect({ code, err }).toEqual({ code: 0, err: [] })
    expect(out).toEqual([
      expect.stringMatching(/joined\.wav: 0:09\.000 of 2 recordings/),
      expect.stringMatching(/gap at 0:05\.000: .* 3\.000 s not recorded$/),
    ])
  })

  it('without a folder: the one of the source in config.ini, else recordings, else this one', async () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      expect((await isr('export', ...span, '-o', 'usual.wav')).code).toBe(0)
      writeFileSync('config.ini', '[other]\ntype = signal\noutput_directory = no\n[radio]\ntype = signal\n')
      expect((await isr('export', ...span, '-o', 'configured.wav')).code).toBe(0)
      process.chdir('recordings')
      expect((await isr('export', ...span, '-o', '../here.wav')).code).toBe(0)
    } finally {
      rmSync(path('config.ini'), { force: true })
      process.chdir(before)
    }
  })

  it('fills gaps, decodes, and tells all with --json', async () => {
    const flags = ['--fill-gaps', '--as', 'wav', '--json']
    const { code, out } = await isr('export', ...span, ...flags, '-o', path('filled.wav'), recordings)
    expect(code).toBe(0)
    expect(JSON.parse(out[0])).toMatchObject({ durationSeconds: 12, samples: 96_000, gaps: [{ filledSeconds: 3 }] })
  })

  it('fails with one clear line', async () => {
    const other = ['-o', path('other.wav')]
    const cases: [string[], number, RegExp][] = [
      [['export', ...span, recordings], 2, /--output/],
      [['export', ...span, ...other, '--as', 'mp3', recordings], 2, /--as/],
      [['export', '--source', 'x', '--from', 'noon', '--to', '2026-11-22', ...other], 2, /2026-11-22T17:00/],
      [['export', '--source', 'x', '--from', '2026-11-22', '--to', '2026-11-22', ...other], 2, /end after it begins/],
      [['export', ...span, ...other, folder], 1, /isr-cli-edit-.* has no ledger .* isr verify --adopt makes one$/],
      [['export', ...span, '-o', path('other.mp3'), recordings], 2, /other\.mp3 would hold .* name it .*other\.wav$/],
      [['export', ...span, '-o', path('no/such.wav'), recordings], 1, /such\.wav: its folder does not exist$/],
      [
        ['export', '--source', 'x', ...span.slice(2), ...other, recordings],
        1,
        /no recording of this source is there: "x"; there are "radio"$/,
      ],
    ]
    for (const [argv, exitCode, words] of cases) {
      const { code, out, err } = await isr(...argv)
      expect({ argv, code, out }).toEqual({ argv, code: exitCode, out: [] })
      expect(err).toEqual([expect.stringMatching(words)])
    }
  })
})
