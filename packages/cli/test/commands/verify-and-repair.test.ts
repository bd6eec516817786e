import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chdir, cwd } from 'node:process'
import { Recorder, SignalSource, AfterDuration } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/run.js'
import { FakeIo, FakeOutput } from '../support/fake-io.js'

const root = mkdtempSync(join(tmpdir(), 'isr-cli-verify-'))
const home = cwd()
let count = 0

async function isr(argv: readonly string[], stderr = new FakeOutput()) {
  const io = new FakeIo(new FakeOutput(), stderr)
  io.clock.step(Date.now() - io.clock.now())
  const code = await run(argv, io)
  return { code, out: io.stdout.lines, err: io.stderr.lines, io }
}

/** A copy of a folder with three recordings. */
function archive(): string {
  const folder = join(root, String(count++))
  cpSync(join(root, 'good'), folder, { recursive: true })
  return folder
}

const ledgerOf = (folder: string) => join(folder, '.isr', 'ledger.jsonl')

/** What a crash a while ago left of the last file. */
function crash(folder: string): string {
  const lines = readFileSync(ledgerOf(folder), 'utf8').trimEnd().split('\n')
  const kept = lines.filter(
    (line) => !line.includes('"type":"run"') && !(line.includes('"seq":2') && line.includes('"recording"')),
  )
  writeFileSync(ledgerOf(folder), `${kept.join('\n')}\n`)
  const [, name] = /"name":"([^"]*)"/.exec(kept.find((line) => line.includes('"seq":2'))!)!
  const path = join(folder, name)
  const bytes = readFileSync(path)
  bytes.writeUInt32LE(0xffffffff, 4)
  bytes.writeUInt32LE(0xffffffff, bytes.indexOf('data') + 4)
  writeFileSync(path, bytes.subarray(0, -3))
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  return name
}

beforeAll(async () => {
  const recorder = new Recorder({
    source: new SignalSource({ name: 'garden', sampleRateHz: 8000, channels: 1, durationSeconds: 3, pace: 'unpaced' }),
    storage: join(root, 'good'),
    splitter: new AfterDuration({ seconds: 1 }),
    filenamePattern: 'sub/garden_%S.%f',
    timeZone: 'UTC',
  })
  recorder.start()
  await recorder.finished
  chdir(root)
})
afterAll(() => {
  chdir(home)
  rmSync(root, { recursive: true })
})

describe('isr verify', () => {
  it('says that all is well, and what that is', async () => {
    const folder = archive()
    const { code, out, err } = await isr(['verify', folder])
    expect({ code, err }).toEqual({ code: 0, err: [] })
    expect(out).toEqual([
      `${folder}: 3 recordings in 1 run, 0:03 of audio, ${out[0].match(/[\d.]+ KB/)![0]} read, no gap`,
      `${folder}: all is well`,
    ])
  })

  it('names the first faults, and ends with 1', async () => {
    const folder = archive()
    const { reports } = JSON.parse((await isr(['verify', folder, '--json'])).out[0]) as { reports: unknown[] }
    expect(reports).toMatchObject([{ isGood: true, recordings: 3 }])
    const [, name] = /"name":"([^"]*)"/.exec(readFileSync(ledgerOf(folder), 'utf8'))!
    rmSync(join(folder, name))
    for (let index = 0; index < 40; index++) writeFileSync(join(folder, `x${index}.mp3`), 'x')
    const { code, out } = await isr(['verify', folder])
    expect(code).toBe(1)
    expect(out[0]).toMatch(/^fault {2}file-foreign {2}x\d+\.mp3 is not in the ledger/)
    expect(out[25]).toBe('... and 16 more; --json tells all')
    expect(out.at(-1)).toBe(`${folder}: 41 faults`)
    const json = await isr(['verify', folder, '--json'])
    expect(json.code).toBe(1)
    expect(json.out).toHaveLength(1)
    const parsed = JSON.parse(json.out[0]) as { isGood: boolean; reports: { findings: object[] }[] }
    expect(parsed.isGood).toBe(false)
    expect(parsed.reports[0].findings).toHaveLength(41)
    expect(parsed.reports[0].findings).toContainEqual({
      severity: 'fault',
      code: 'file-missing',
      source: 'garden',
      run: expect.any(String) as string,
      name,
      line: expect.any(Number) as number,
      message: `${name} is gone`,
    })
  })

  it('looks at a file, or a folder inside, and finds the ledger upwards', async () => {
    const folder = archive()
    const names = [...readFileSync(ledgerOf(folder), 'utf8').matchAll(/"open".*?"name":"([^"]*)"/g)].map(
      (match) => match[1],
    )
    appendFileSync(join(folder, names[1]), 'x')
    expect(await isr(['verify', join(folder, names[0])])).toMatchObject({
      code: 0,
      out: [expect.stringContaining(': 1 recording in'), `${folder}: all is well`],
    })
    expect(await isr(['verify', join(folder, names[1])])).toMatchObject({ code: 1 })
    expect(await isr(['verify', join(folder, 'sub')])).toMatchObject({ code: 1 })
    chdir(join(folder, 'sub'))
    expect((await isr(['verify', '.'])).out.at(-1)).toMatch(/: 2 faults$/)
    chdir(root)
  })

  it('shows progress on a terminal, and leaves nothing of it', async () => {
    const terminal = new FakeOutput({ isTerminal: true, columns: 30 })
    const io = new FakeIo(new FakeOutput(), terminal)
    let now = 0
    io.clock.monotonicMs = () => (now += 500)
    expect(await run(['verify', archive()], io)).toBe(0)
    const shown = terminal.text.split('\r').filter((text) => text !== '')
    expect(shown.length).toBeGreaterThan(2)
    expect(shown[0]).toMatch(/ {2}\d+ % sub\/garden/)
    expect(Math.max(...shown.map((text) => text.replace('\u001b[K', '').length))).toBeLessThan(30)
    expect(terminal.text.endsWith('\r\u001b[K')).toBe(true)
  })

  it('shows what files and ledgers are called without obeying it', async () => {
    const folder = archive()
    writeFileSync(join(folder, '\u001b[31mred.mp3'), 'x')
    const { out } = await isr(['verify', folder])
    expect(out.join('')).not.toContain('\u001b')
  })

  it.each([
    [['verify'], /missing required argument 'path'/],
    [['verify', 'nowhere'], /nowhere does not exist/],
    [['verify', '.', '--pattern', '%Y'], /need --adopt/],
  ])('%j ends with 2', async (argv, message) => {
    const { code, err } = await isr(argv)
    expect(code).toBe(2)
    expect(err.join(' ')).toMatch(message)
  })

  it('a folder without a ledger can be given one', async () => {
    const folder = archive()
    rmSync(join(folder, '.isr'), { recursive: true })
    mkdirSync(join(folder, 'deep'))
    expect(await isr(['verify', folder])).toMatchObject({
      code: 1,
      out: [expect.stringMatching(/^fault {2}ledger-missing .*--adopt/), expect.anything(), expect.anything()],
    })
    const fresh = await isr(['verify', folder, '--adopt'])
    expect(fresh.code).toBe(1) // they have just been written: somebody may be at it
    expect(fresh.out[0]).toMatch(/not taken in: it has just been changed/)
    const later = new FakeIo()
    later.clock.step(Date.now() + 3_600_000 - later.clock.now())
    const code = await run(['verify', folder, '--adopt', '--source', 'Garden'], later)
    expect(code).toBe(0)
    expect(later.stdout.lines.slice(0, 3)).toEqual(
      Array.from(
        { length: 3 },
        () => expect.stringMatching(/^sub\/garden_\S+: taken in as Garden, \d{4}-\S+Z, 0:01$/) as string,
      ),
    )
    expect(later.stdout.lines.at(-1)).toBe(`${folder}: all is well`)
    const json = await isr(['verify', folder, '--adopt', '--json'])
    expect(JSON.parse(json.out[0])).toMatchObject({ isGood: true, adopted: [] })
  })
})

describe('isr repair', () => {
  it('finishes what a crash left, says so, and then all is well', async () => {
    const folder = archive()
    const name = crash(folder)
    expect((await isr(['verify', folder])).out[0]).toMatch(
      new RegExp(`^fault {2}file-unfinished {2}${name} was left open`),
    )
    expect(await isr(['repair', folder])).toMatchObject({
      code: 0,
      err: [],
      out: [`${name}: repaired, 1.0 s of audio, 1 B of a frame that was cut are gone`, `${folder}: 1 repaired`],
    })
    const { code, out } = await isr(['verify', folder])
    expect({ code, first: out[0] }).toMatchObject({
      code: 0,
      first: expect.stringMatching(/force \(garden, run .+\)$/),
    })
    expect(await isr(['repair', folder])).toMatchObject({ code: 0, out: [`${folder}: nothing to repair`] })
  })

  it('without a folder repairs those of the configuration, else recordings', async () => {
    const place = join(root, 'place')
    mkdirSync(place)
    chdir(place)
    expect(await isr(['repair'])).toMatchObject({
      code: 2,
      err: [expect.stringContaining('recordings does not exist')],
    })
    cpSync(join(root, 'good'), 'recordings', { recursive: true })
    expect(await isr(['repair'])).toMatchObject({ code: 0, out: ['recordings: nothing to repair'] })
    cpSync(join(root, 'good'), 'mine', { recursive: true })
    const name = crash('mine')
    writeFileSync(
      'config.ini',
      '[general]\noutput_directory = mine\n[a]\ntype = signal\n[b]\ntype = signal\nfilename_pattern = b%H\n',
    )
    const { code, out } = await isr(['repair', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out[0])).toMatchObject([{ directory: 'mine', outcomes: [{ name, action: 'repaired' }] }])
    writeFileSync('config.ini', '[a]\ntype = nothing\n')
    expect(await isr(['repair'])).toMatchObject({ code: 2, err: [expect.stringContaining('isr check-config')] })
    chdir(root)
  })

  it('ends with 1 when a file is gone, with 2 when there is no ledger', async () => {
    const folder = archive()
    rmSync(join(folder, crash(folder)))
    expect(await isr(['repair', folder])).toMatchObject({
      code: 1,
      out: [expect.stringMatching(/is gone$/), `${folder}: 1 missing`],
    })
    const empty = join(root, 'empty')
    mkdirSync(empty)
    expect(await isr(['repair', empty])).toMatchObject({ code: 2, err: [expect.stringContaining('has no ledger')] })
    expect(await isr(['repair', 'nowhere'])).toMatchObject({ code: 2 })
  })
})
