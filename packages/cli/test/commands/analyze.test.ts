import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../../src/run.js'
import { FakeIo, FakeOutput } from '../support/fake-io.js'
import { wavOf } from '../../../../tests/support/wav.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-cli-analyze-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A minute with two bursts: a loud one of 3 s, and a quieter one of 1 s after it. */
function bursts(): Int16Array {
  const samples = new Int16Array(60 * 8000)
  for (let at = 10 * 8000; at < 13 * 8000; at++) samples[at] = at % 2 ? 0x4000 : -0x4000
  for (let at = 30 * 8000; at < 31 * 8000; at++) samples[at] = at % 2 ? 0x1000 : -0x1000
  return samples
}
const input = path('rec.wav')
writeFileSync(input, wavOf(bursts()))

async function isr(argv: string[], io = new FakeIo(new FakeOutput(), new FakeOutput())) {
  const code = await run(argv, io)
  return { code, out: io.stdout.lines, err: io.stderr.lines, io }
}

describe('isr analyze', () => {
  it('shows a table of sections', async () => {
    const { code, out, err } = await isr(['analyze', input])
    expect({ code, err }).toEqual({ code: 0, err: [] })
    expect(out).toEqual([
      `${input}: 1:00, 8000 Hz, 1 channel, 2 sections (adaptive)`,
      '     start       end  duration  peak dB  score',
      expect.stringMatching(/^ {2}0:10\.000 {2}0:13\.000 {5}3\.0 s {5}-6\.0 +\d+\.\d$/),
      expect.stringMatching(/^ {2}0:30\.000 {2}0:31\.000 {5}1\.0 s {4}-18\.1 +\d+\.\d$/),
    ])
    expect(readdirSync(folder)).toEqual(['rec.wav'])
  })

  it('takes a fixed threshold, and the best sections', async () => {
    const fixed = await isr(['analyze', input, '--threshold', '0.2', '--min-gap', '20'])
    expect(fixed.out[0]).toContain('1 section (threshold)')
    const joined = await isr(['analyze', input, '--threshold', '0.01', '--min-gap', '20'])
    expect(joined.out[2]).toMatch(/0:10\.000 {2}0:31\.000/)
    const top = await isr(['analyze', input, '--top', '1'])
    expect(top.out.slice(2)).toEqual([expect.stringContaining('0:10.000')])
    expect((await isr(['analyze', input, '--loudness'])).out[0]).toMatch(/1 channel, -\d+\.\d LUFS, .*true peak -\d/)
  })

  it('tells all with --json, a line for each file, and keeps it beside recordings', async () => {
    mkdirSync(path('old/analyses'), { recursive: true })
    writeFileSync(path('old/rec.wav'), wavOf(bursts()))
    const first = await isr(['analyze', input, path('old/rec.wav'), '--json'])
    expect(first.code).toBe(0)
    const [plain, kept] = first.out.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(plain).toMatchObject({ file: input, duration: 60, window_ms: 100, channels: 1, sample_rate: 8000 })
    expect(plain.sections).toEqual([
      expect.objectContaining({ start: 10, end: 13 }),
      expect.objectContaining({ start: 30, end: 31 }),
    ])
    expect({ ...kept, file: input }).toEqual(plain)
    expect(readdirSync(path('old/analyses')).sort()).toEqual(['rec.wav.analysis.json', 'rec.wav.levels'])
    rmSync(path('old/analyses'), { recursive: true })
    mkdirSync(path('old/analyses'))
    expect((await isr(['analyze', path('old/rec.wav'), '--no-cache', '--json'])).code).toBe(0)
    expect(readdirSync(path('old/analyses'))).toEqual([])
  })

  it('goes on after a file that it cannot read, and says so in one line', async () => {
    writeFileSync(path('text.txt'), 'no audio is in this file')
    const { code, out, err } = await isr(['analyze', path('gone.wav'), path('text.txt'), input])
    expect(code).toBe(1)
    expect(err).toEqual([
      expect.stringMatching(/^isr: .*gone\.wav: it does not exist$/),
      expect.stringMatching(/^isr: cannot read .*text\.txt: no audio/),
    ])
    expect(out[0]).toContain('2 sections')
    const whole = await isr(['analyze', path('old')])
    expect(whole.err).toEqual([
      expect.stringMatching(/old is a folder: name the recordings in it, such as .*old\/\*\.mp3$/),
    ])
  })

  it.each([
    [['analyze'], /missing required argument/],
    [['analyze', input, '--threshold', '2'], /thresholdRms/],
    [['analyze', input, '--threshold', 'loud'], /Write a number/],
    [['analyze', input, '--min-gap', '-1'], /Write a number/],
    [['analyze', input, '--top', '0'], /whole number/],
  ])('refuses %j', async (argv, words) => {
    const { code, out, err } = await isr(argv)
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err.join('\n')).toMatch(words)
  })

  it('stops at a signal', async () => {
    const io = new FakeIo(new FakeOutput(), new FakeOutput())
    const running = isr(['analyze', input, input, '--no-cache'], io)
    io.signal('SIGINT')
    const { code, out, err } = await running
    expect({ code, out }).toEqual({ code: 1, out: [] })
    expect(err).toEqual([expect.stringContaining('stopped')])
  })
})
