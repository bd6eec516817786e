import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { configOrThrow, parseConfig, readConfig } from '../../src/config/load.js'
import type { ParseConfigOptions } from '../../src/config/load.js'
import { formatProblem } from '../../src/config/problems.js'
import type { SourceConfig } from '../../src/config/station-config.js'

const STREAM = '[radio]\ntype = stream\nurl = http://host/live\n'

function lines(text: string, options?: ParseConfigOptions): string[] {
  return parseConfig(text, options).problems.map(formatProblem)
}

function sources(text: string, options?: ParseConfigOptions): readonly SourceConfig[] {
  return configOrThrow(parseConfig(text, options)).sources
}

describe('parseConfig', () => {
  it('gives the documented defaults', () => {
    expect(parseConfig(STREAM)).toEqual({
      problems: [],
      config: {
        logLevel: 'INFO',
        logFile: 'recorder.log',
        sources: [
          {
            name: 'radio',
            type: 'stream',
            url: 'http://host/live',
            format: 'auto',
            sampleRateHz: 44_100,
            channels: 2,
            outputDirectory: 'recordings',
            splitMinutes: 60,
            filenamePattern: '%Y%m%d_%H%M%S',
            maxRetries: 10,
            retryDelaySeconds: 5,
            retryMaxDelaySeconds: 60,
            stallTimeoutSeconds: 20,
            splitJoin: 'exact',
            opusPrerollMs: 400,
            syncSeconds: 1,
            analyze: 'off',
          },
        ],
      },
    })
  })

  it('takes every key', () => {
    const text = `
[general]
log_level = warning
log_file =
[Radio Eins.Nord]
TYPE: Stream
url = https://u:p@host:8443/a;b?c=d#e
username = me
password = #a;b=c%d
format = MP3
output_directory = /srv/rec #1
split_minutes = 0.05
filename_pattern = %Y/%m/%d_%H%M%S
max_retries = 0
retry_delay_seconds = 0.5
retry_max_delay_seconds = 2
stall_timeout_seconds = 5
timezone = Europe/Vienna
split_join = verbatim
opus_preroll_ms = 80
sync_seconds = 0
analyze = LIVE
level_log = yes
[noise]
type = signal
sample_rate = 48000
channels = 1
[program]
type = command
command = ffmpeg -i "my input"
    -f flac -
[file]
type = file
path = a b.mp3
`
    const config = configOrThrow(parseConfig(text))
    expect(lines(text)).toEqual([expect.stringContaining('noise, program, file share a folder')])
    expect(config).toMatchObject({ logLevel: 'WARNING', logFile: '' })
    expect(config.sources[0]).toEqual({
      name: 'Radio Eins.Nord',
      type: 'stream',
      url: 'https://u:p@host:8443/a;b?c=d#e',
      username: 'me',
      password: '#a;b=c%d',
      format: 'mp3',
      sampleRateHz: 44_100,
      channels: 2,
      outputDirectory: '/srv/rec #1',
      splitMinutes: 0.05,
      filenamePattern: '%Y/%m/%d_%H%M%S',
      maxRetries: 0,
      retryDelaySeconds: 0.5,
      retryMaxDelaySeconds: 2,
      stallTimeoutSeconds: 5,
      timeZone: 'Europe/Vienna',
      splitJoin: 'verbatim',
      opusPrerollMs: 80,
      syncSeconds: 0,
      analyze: 'live',
      levelLog: true,
    })
    expect(config.sources[1]).toMatchObject({
      type: 'signal',
      analyze: 'live',
      format: 'flac',
      sampleRateHz: 48_000,
      channels: 1,
    })
    expect(config.sources[2]).toMatchObject({
      type: 'command',
      command: ['ffmpeg', '-i', 'my input', '-f', 'flac', '-'],
    })
    expect(config.sources[3]).toMatchObject({ type: 'file', path: 'a b.mp3' })
  })

  it('inherits: flag, section, [DEFAULT], environment, [general], own default', () => {
    const text = (section: string, defaults: string, general: string): string =>
      `[general]\n${general}\n[DEFAULT]\n${defaults}\n${STREAM}${section}\n`
    const minutes = (text: string, options?: ParseConfigOptions): number => sources(text, options)[0].splitMinutes
    const key = (value: number): string => `split_minutes = ${value}`
    const env = { ISR_SPLIT_MINUTES: '4' }
    const overrides = { split_minutes: { text: '1', label: '--split-minutes' } }
    expect(minutes(text(key(2), key(3), key(5)), { env, overrides })).toBe(1)
    expect(minutes(text(key(2), key(3), key(5)), { env })).toBe(2)
    expect(minutes(text('', key(3), key(5)), { env })).toBe(3)
    expect(minutes(text('', '', key(5)), { env })).toBe(4)
    expect(minutes(text('', '', key(5)))).toBe(5)
    expect(minutes(text('', '', ''))).toBe(60)
  })

  it('lets an empty value undo what would be inherited, where a key may be empty', () => {
    const text = `[general]\nusername = me\npassword = x\ntimezone = UTC\n${STREAM}username =\npassword =\ntimezone =\n`
    expect(sources(text)[0]).not.toHaveProperty('username')
    expect(sources(text)[0]).not.toHaveProperty('password')
    expect(sources(text)[0]).not.toHaveProperty('timeZone')
    expect(lines(`${STREAM}split_minutes =\n`)).toEqual([
      'config.ini:4: split_minutes: it has no value; write for example split_minutes = 60',
    ])
  })

  it('takes the type from what is there when none is written', () => {
    const text = '[a]\nurl = http://h/\n[b]\ncommand = x\n[c]\npath = x\n'
    expect(sources(text).map(({ type }) => type)).toEqual(['stream', 'command', 'file'])
    expect(lines('[a]\nsplit_minutes = 1\n')).toEqual([
      'config.ini:1: [a]: type is missing, and there is no url to tell it; add for example type = stream',
    ])
    expect(lines('[General]\nsplit_minutes = 1\n')[0]).toContain('for defaults write [general]')
  })

  it('reports everything at once, in the order of the file', () => {
    const text = `junk
[general]
split_minutes = 60 ; one hour
splt_join = exact
[radio]
type = stream
url = ftp://bob:hunter2@host/
password = hunter2
  url = http://host/
max_retries = -1
Max_Retries = 1
[radio]
[other]
type = strem
hunter2
`
    expect(lines(text)).toEqual([
      'config.ini:1: this stands before the first section; begin the file with [general] or the name of a source',
      'config.ini:3: split_minutes: "60 ; one hour" is not a number: a comment needs a line of its own; write for example split_minutes = 60',
      'config.ini:4: warning: splt_join: unknown key, ignored; did you mean split_join?',
      'config.ini:7: url: "ftp://host/" is not http or https: ftp: addresses are not recorded; write for example url = http://radio.example.org:8000/live.mp3',
      'config.ini:8: password: it takes one line only, and line 9 continues it; start that line without white space',
      'config.ini:10: max_retries: "-1" is too small, it must be at least 0; write for example max_retries = 0',
      'config.ini:11: max_retries: it is set already, on line 10; keep one of them',
      'config.ini:12: [radio]: this section exists already, on line 5; rename one of them, or merge both',
      'config.ini:14: type: "strem" is none of stream, soundcard, signal, command, file; did you mean stream?',
      'config.ini:15: [other]: this line is no key = value, no [section] and no comment; put a # before it, or mend it',
    ])
    expect(parseConfig(text).config).toBeUndefined()
  })

  it('says a fault of [general] once, however many sources inherit it', () => {
    const many = Array.from({ length: 20 }, (_, index) => `[s${index}]\nurl = http://h/${index}\n`).join('')
    expect(lines(`[general]\nsplit_minutes = x\n${many}`)).toHaveLength(1)
    expect(lines(`[general]\nretry_delay_seconds = 9\nretry_max_delay_seconds = 3\n${many}`)).toEqual([
      'config.ini:3: retry_max_delay_seconds: 3 is less than retry_delay_seconds, which is 9; write at least that',
    ])
  })

  it('raises the longest pause with the first when only that is set', () => {
    expect(sources(`${STREAM}retry_delay_seconds = 120\n`)[0].retryMaxDelaySeconds).toBe(120)
    expect(lines(`${STREAM}retry_delay_seconds = x\nretry_max_delay_seconds = 1\n`)).toHaveLength(1)
  })

  it('needs a source', () => {
    const hint =
      'config.ini: it names no source; add a section such as [my station] with type = stream and url = http://...'
    expect(lines('')).toEqual([hint])
    expect(lines('[general]\nsplit_minutes = 5\n')).toEqual([hint])
  })

  it.each([
    ['stream', 'url'],
    ['command', 'command'],
    ['file', 'path'],
  ])('type = %s needs its %s', (type, key) => {
    expect(lines(`# c\n[a]\ntype = ${type}\n`)).toEqual([
      expect.stringMatching(
        new RegExp(`^config.ini:2: \\[a\\]: type = ${type} needs a ${key}; add for example ${key} = `),
      ),
    ])
  })

  it('reads what may be kept, and whom to tell of events', () => {
    const general = '[general]\nkeep_days = 3\nmin_free_gb = 2\non_close = sh -c "up load"\nhook_secret = a;b#c\n'
    const own = 'keep_days = 4.5\nmin_free_gb =\nkeep_gb = 0.5\non_gap = https://u:p@h.example/x?t=1\non_error =\n'
    const { config, problems } = parseConfig(`${general}${STREAM}${own}`, { file: 'config.ini' })
    expect(problems).toEqual([])
    const [source] = config?.sources ?? []
    expect(source).toMatchObject({ keepDays: 4.5, keepGb: 0.5 })
    expect(source).not.toHaveProperty('minFreeGb')
    expect(source.hooks).toEqual({
      close: { command: ['sh', '-c', 'up load'] },
      gap: { url: 'https://u:p@h.example/x?t=1' },
      secret: 'a;b#c',
    })
    expect(parseConfig(STREAM, { file: 'f' }).config?.sources[0]).not.toHaveProperty('hooks')
    expect(lines(`${STREAM}keep_days = 0\nseal = ja\nanalyze = now\nkeep_gb = -1\n`)).toHaveLength(4)
    expect(lines(`${STREAM}on_close = rclone copy | tee\non_gap = http://s3cret@/\n`)).toEqual([
      expect.stringContaining('no shell runs it'),
      expect.not.stringContaining('s3cret'),
    ])
  })

  it('warns of keys that do nothing where they stand', () => {
    expect(lines('[a]\ntype = signal\nurl = http://h/\nlog_level = INFO\ncolour = red\n')).toEqual([
      'config.ini:3: warning: url: a source of type = signal does not use it',
      'config.ini:4: warning: log_level: only [general] can set it; ignored here',
      'config.ini:5: warning: colour: unknown key, ignored',
    ])
  })

  it('takes only the format that a source can give, and ignores one inherited from sources of another type', () => {
    expect(sources('[general]\nformat = mp3\n[a]\ntype = signal\n')[0].format).toBe('flac')
    expect(lines('[a]\ntype = signal\nformat = mp3\n')).toEqual([
      'config.ini:3: format: mp3 cannot be had from type = signal, only auto, wav, flac',
    ])
  })

  it('refuses what FLAC cannot hold where it is asked for, before anything is recorded', () => {
    expect(lines('[a]\ntype = signal\nsample_rate = 100001\n')).toEqual([
      expect.stringMatching(/^config\.ini:1: \[a\]: .* 100001 Hz; record it with format = wav$/),
    ])
    expect(lines('[a]\ntype = signal\nformat = flac\nsample_rate = 100001\n')).toEqual([
      expect.stringMatching(/^config\.ini:3: format: .* 100001 Hz; record it with format = wav$/),
    ])
    expect(lines('[a]\ntype = signal\nformat = wav\nsample_rate = 100001\n')).toEqual([])
  })

  it('takes a level of FLAC where FLAC is made', () => {
    expect(sources('[a]\ntype = signal\nflac_level = 8\n')[0].flacLevel).toBe(8)
    expect(lines('[a]\ntype = signal\nflac_level = 9\n')).toHaveLength(1)
    expect(lines(`${STREAM}flac_level = 1\n`)).toEqual([
      expect.stringMatching(/warning: flac_level: .*does not use it/),
    ])
  })

  it('reads patterns of files written for interpolation', () => {
    const text = `[general]\nfilename_pattern = %%Y%%m%%d_%%H%%M%%S\n${STREAM}`
    expect(sources(text)[0].filenamePattern).toBe('%Y%m%d_%H%M%S')
    expect(lines(text)).toEqual([expect.stringMatching(/^config.ini:2: warning: filename_pattern: every % is doubled/)])
  })

  it('tells which sources get their name in front of file names', () => {
    const stream = (name: string): string => `[${name}]\nurl = http://h/${name}\n`
    const said = (names: readonly string[]): string => lines(names.map(stream).join('')).join('\n')
    expect(said(['a', 'b'])).toBe(
      'config.ini: warning: a, b share a folder and a filename_pattern: each file name begins with the name of its source',
    )
    expect(said([...'abcdef'])).toContain('a, b, c and 3 more share')
    expect(said(['a'])).toBe('')
    expect(lines(`${stream('a')}${stream('b')}output_directory = elsewhere\n`)).toEqual([])
  })

  it('names the environment variable that is wrong', () => {
    const env = { ISR_SPLIT_MINUTES: 'x', ISR_SPLITMINUTES: '1', ISR_TOKEN: 'x', ISR_URL: '', HOME: '/root' }
    expect(lines(STREAM, { env })).toEqual([
      'ISR_SPLITMINUTES: warning: unknown variable, ignored; did you mean ISR_SPLIT_MINUTES?',
      'ISR_SPLIT_MINUTES: "x" is not a number; write for example ISR_SPLIT_MINUTES=60',
    ])
  })

  it('has an environment variable for every key of [general]', () => {
    const env = { ISR_URL: 'http://h/', ISR_PASSWORD: 'x', ISR_LOG_LEVEL: 'ERROR', ISR_LOG_FILE: '/var/log/isr.log' }
    const config = configOrThrow(parseConfig('[a]\n[general]\nlog_level = INFO\n', { env }))
    expect(config).toMatchObject({ logLevel: 'ERROR', logFile: '/var/log/isr.log' })
    expect(config.sources[0]).toMatchObject({ type: 'stream', url: 'http://h/', password: 'x' })
  })

  it('takes sources and values of flags, and names the flag that is wrong', () => {
    const label = '--url'
    const adHoc = [{ name: 'live', values: { type: { text: 'stream', label }, url: { text: 'http://h/x', label } } }]
    const config = configOrThrow(parseConfig(`[general]\nsplit_minutes = 5\n${STREAM}`, { sources: adHoc }))
    expect(config.sources).toMatchObject([{ name: 'live', url: 'http://h/x', splitMinutes: 5 }])
    const wrong = [{ name: 'live', values: { url: { text: 'x', label } } }]
    const overrides = { split_minutes: { text: 'abc', label: '--split-minutes' } }
    expect(lines('', { sources: wrong, overrides })).toEqual([
      '--split-minutes: "abc" is not a number; write for example --split-minutes 60',
      '--url: "x" does not begin with http:// or https://; write for example --url http://radio.example.org:8000/live.mp3',
    ])
  })

  it('never repeats a password', () => {
    const text = `[a]\npassword = s3cret\n  s3cret\nurl = gopher://x:s3cret@h/?k=s3cret\npasword = s3cret\ns3cret\n[a]\n: s3cret\n`
    const env = { ISR_PASSWORD: 's3cret\ns3cret' }
    expect(lines(text, { env }).length).toBeGreaterThan(5)
    expect(JSON.stringify(parseConfig(text, { env }).problems)).not.toContain('s3cret')
  })
})

describe('configOrThrow', () => {
  it('throws ISR_CONFIG_INVALID with a line for each error', () => {
    expect(() => configOrThrow(parseConfig('[a]\ntype = x\nkeep_days = 1\n[b]\n', { file: 'f' }))).toThrow(
      expect.objectContaining({
        code: 'ISR_CONFIG_INVALID',
        message: expect.stringMatching(/^f:2: type: .*\nf:4: \[b\]: .*$/),
      }),
    )
  })
})

describe('readConfig', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isr-config-'))
  afterAll(() => rm(folder, { recursive: true }))

  it('reads a file with a byte order mark and CR LF', async () => {
    const path = join(folder, 'dos.ini')
    await writeFile(path, `\uFEFF${STREAM.replaceAll('\n', '\r\n')}`)
    expect(configOrThrow(await readConfig(path)).sources[0].url).toBe('http://host/live')
  })

  it('makes problems of files that cannot be read', async () => {
    const latin1 = join(folder, 'latin1.ini')
    await writeFile(latin1, Buffer.from('[a]\nurl = http://h/\n[gr\xfcn]\n', 'latin1'))
    const said = async (path: string): Promise<string[]> => (await readConfig(path)).problems.map(formatProblem)
    expect(await said(latin1)).toEqual([`${latin1}:3: the file is not UTF-8 text from here on; save it as UTF-8`])
    expect(await said(join(folder, 'none.ini'))).toEqual([
      `${folder}/none.ini: no such file; config.example.ini shows how one looks`,
    ])
    expect((await readConfig(join(folder, 'none.ini'))).missing).toBe(true)
    expect((await readConfig(folder)).missing).toBeUndefined()
    expect(await said(folder)).toEqual([`${folder}: it is a folder, not a file`])
    const huge = join(folder, 'huge.ini')
    await writeFile(huge, `${STREAM}${'#\n'.repeat(1 << 20)}`)
    expect(await said(huge)).toEqual([`${huge}: it is too large for a configuration`])
  })
})
