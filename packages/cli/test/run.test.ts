import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { chdir, cwd } from 'node:process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StationOptions } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { run } from '../src/run.js'
import { FakeIo } from './support/fake-io.js'
import { FakeStation } from './support/fake-station.js'

const home = cwd()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isr-run-'))
  chdir(folder)
})
afterAll(async () => {
  chdir(home)
  await rm(folder, { recursive: true })
})

/** Runs the program in this process; a recording ends as soon as it has begun. */
async function isr(
  ...argv: string[]
): Promise<{ code: number; out: string[]; err: string[]; stations: StationOptions[] }> {
  const io = new FakeIo()
  io.env = { ISR_LOG_FILE: join(folder, 'isr.log') }
  const stations: StationOptions[] = []
  const createStation = (options: StationOptions): FakeStation => {
    stations.push(options)
    const station = new FakeStation(options.config.sources.map(({ name }) => name))
    station.end()
    return station
  }
  const code = await run(argv, io, { createStation })
  return { code, out: io.stdout.lines, err: io.stderr.lines, stations }
}

describe('isr', () => {
  it.each([
    [['--help']],
    [['-h']],
    [['record', '-h']],
    [['help']],
    [['record', '--help']],
    [['help', 'record']],
    [['check-config', '--help']],
  ])('%j helps and ends with 0', async (argv) => {
    const { code, out, err } = await isr(...argv)
    expect(code).toBe(0)
    expect(out[0]).toMatch(/^Usage: isr/)
    expect(err).toEqual([])
  })

  it('shows only what there is', async () => {
    const help = (await isr('--help')).out.concat((await isr('record', '--help')).out).join('\n')
    const flags = 'url device list-devices name output split-minutes pattern format duration json demo serve port host'
    for (const flag of flags.split(' ')) expect(help).toContain(`--${flag}`)
    expect(help).not.toMatch(/bogus|coming soon|not yet/)
  })

  it.each([[['--version']], [['record', '--version']], [['check-config', '--version']]])('%j', async (argv) => {
    expect(await isr(...argv)).toMatchObject({ code: 0, out: [packageJson.version], err: [] })
  })

  it('without a command helps on standard error and ends with 2', async () => {
    const { code, out, err } = await isr()
    expect(code).toBe(2)
    expect(out).toEqual([])
    expect(err[0]).toMatch(/^Usage: isr/)
  })

  it.each([
    [['recrod'], /unknown command 'recrod'.*record/],
    [['record', '--jsn'], /unknown option '--jsn'.*--json/],
    [['record', '--duration', 'abc'], /--duration .*'abc' is invalid.*number of seconds above 0; see --help$/],
    [['record', '--duration', '0'], /--duration/],
    [['record', '--duration', '1e3x'], /--duration/],
    [['record', '--url'], /--url .*argument missing/],
    [['record', 'a.ini', 'b.ini'], /too many arguments/],
    [['record', '--name', 'x'], /--name needs a --url/],
    [['record', '--url', 'http://a/', '--name', 'x', '--name', 'y', '--name', 'z'], /--name/],
    [['record', '--demo', '--url', 'http://a/'], /exclude each other/],
    [
      ['record', '--demo', '--split-minutes', 'abc'],
      /^--split-minutes: "abc" is not a number; write for example --split-minutes 60$/,
    ],
    [['record', '--demo', '--split-minutes', '-1'], /^--split-minutes: "-1" is too small/],
    [['record', '--demo', '--pattern', '../%Y'], /^--pattern: /],
    [['record', '--demo', '--format', 'mp3'], /^--format: mp3 cannot be had from type = signal, only auto, wav, flac$/],
    [['record', '--demo', '--format', 'mp4'], /^--format: "mp4" is none of auto, mp3/],
    [['record', '--demo', '--output', ''], /^--output: it has no value/],
    [['record', '--url', 'radio.example.org'], /^--url: "radio.example.org" does not begin with http/],
    [['record'], /there is no config\.ini here.*isr record --demo/],
    [['record', 'none.ini'], /^none\.ini: no such file/],
    [['record', 'http://me:secret@host/live.mp3'], /^isr: an address is no configuration file; put --url before it$/],
    [['check-config'], /^config\.ini: no such file/],
  ])('%j is one clear line and ends with 2', async (argv, words) => {
    const { code, out, err, stations } = await isr(...argv)
    expect(err).toEqual([expect.stringMatching(words)])
    expect(out).toEqual([])
    expect(code).toBe(2)
    expect(stations).toEqual([])
  })

  it('records the demo with flags over it', async () => {
    const { code, stations } = await isr('record', '--demo', '--output', 'out', '--pattern', '%H', '--duration', '1.5')
    expect(code).toBe(0)
    expect(stations[0].config.sources).toMatchObject([
      { name: 'demo', type: 'signal', splitMinutes: 1, outputDirectory: 'out', filenamePattern: '%H' },
    ])
  })

  it('takes several addresses, and each name for the one before it', async () => {
    const urls = ['--url', 'http://a/x.mp3', '--url', 'http://b/y.mp3', '--name', 'second', '--url', 'http://c/z.mp3']
    const { stations } = await isr('record', ...urls, '--format', 'mp3')
    expect(stations[0].config.sources).toMatchObject([
      { name: 'x', url: 'http://a/x.mp3', format: 'mp3' },
      { name: 'second', url: 'http://b/y.mp3' },
      { name: 'z', url: 'http://c/z.mp3' },
    ])
    const before = await isr('record', '--name', 'first', '--url', 'http://a/x.mp3')
    expect(before.stations[0].config.sources).toMatchObject([{ name: 'first' }])
  })

  it('records ./config.ini when nothing is named', async () => {
    await writeFile('config.ini', '[radio]\ntype = stream\nurl = http://host/live\n')
    const { code, stations } = await isr('record')
    await rm('config.ini')
    expect(code).toBe(0)
    expect(stations[0].config.sources).toMatchObject([{ name: 'radio' }])
  })

  it('beside a server: says which recordings are not shown, and which port is taken', async () => {
    await using taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    await writeFile('two.ini', '[a]\ntype = signal\n[b]\ntype = signal\noutput_directory = elsewhere\n')
    const { err } = await isr('record', 'two.ini', '--serve', '--port', String(port))
    expect(err).toEqual([
      expect.stringMatching(/WARNING --serve: warning: the page shows recordings alone; b record elsewhere/),
      expect.stringMatching(`ERROR not served, recording goes on: port ${port} of 127.0.0.1 is taken`),
    ])
  })

  it('says what a station cannot do with its configuration in one line', async () => {
    const io = new FakeIo()
    const code = await run(['record', '--demo'], io, {
      createStation: () => {
        throw new RangeError('impossible')
      },
    })
    expect(code).toBe(1)
    expect(io.stderr.lines).toEqual([expect.stringMatching(/^isr: a fault in isr itself: RangeError: impossible/)])
  })
})

describe('isr check-config', () => {
  it('lists every problem with its line and ends with 2', async () => {
    await writeFile(
      'bad.ini',
      '[general]\nsplit_minutes = x\nkeep_dayz = 3\n[radio]\ntype = strem\npasword = hunter2\n[radio]\n',
    )
    const { code, out, err } = await isr('check-config', 'bad.ini')
    expect(code).toBe(2)
    expect(out).toEqual([])
    expect(err).toEqual([
      expect.stringMatching(/^bad\.ini:2: split_minutes: "x" is not a number/),
      expect.stringMatching(/^bad\.ini:3: warning: keep_dayz: /),
      expect.stringMatching(/^bad\.ini:5: type: "strem" .*did you mean stream\?$/),
      expect.stringMatching(/^bad\.ini:6: warning: pasword: .*did you mean password\?$/),
      expect.stringMatching(/^bad\.ini:7: \[radio\]: /),
    ])
    expect(err.join()).not.toContain('hunter2')
  })

  it('says what is good, warnings or not', async () => {
    await writeFile('good.ini', '[a]\nurl = http://h/\noutput_directory = a\n[b]\nurl = http://h/\nkeep_dayz = 3\n')
    const { code, out, err } = await isr('check-config', 'good.ini')
    expect(code).toBe(0)
    expect(out).toEqual(['good.ini is good: sources a, b'])
    expect(err).toEqual([expect.stringContaining('good.ini:6: warning: keep_dayz')])
  })
})
