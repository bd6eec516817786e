import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultServer } from '@isr/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { startBackground } from './rig/background.js'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { decodePcm, probeDurationSeconds } from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { runTool } from './rig/run-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { build, root } from './support/isr.js'
import { lawBreaks, longEnough, readLedger } from './support/ledger-file.js'
import { mp3Programme, onAir, wavProgramme } from './support/on-air.js'

const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'))
const tried = new Set<string>()

/** Runs an example as its own first comment says, from the project's folder. */
function start(name: string, ...args: string[]): Promise<Background> {
  tried.add(name)
  return startBackground(process.execPath, ['--import', './examples/ts-node.mjs', `examples/${name}`, ...args], {
    cwd: root,
  })
}

async function run(name: string, ...args: string[]): Promise<string[]> {
  const example = await start(name, ...args)
  expect(await example.ended, example.output()).toBe(0)
  return example.output().trimEnd().split('\n')
}

describeWithTools(CHECKER_TOOLS, 'the examples', () => {
  const folder = tempDir('isr-examples-')
  let station: FaultServer
  let refusing = false
  let hasRefused = false

  const audioIn = (directory: string) =>
    readdirSync(directory)
      .filter((name) => /\.(mp3|wav)$/.test(name))
      .sort()
      .map((name) => join(directory, name))

  /** What every recorder leaves behind: whole files, a whole ledger. */
  async function expectPerfect(directory: string): Promise<string[]> {
    const files = audioIn(directory)
    const ledger = readLedger(directory)
    expect(lawBreaks(ledger)).toEqual([])
    expect(ledger.recordings.map(({ name }) => join(directory, name)).sort()).toEqual(files)
    expect(await checkFiles(longEnough(ledger).map((name) => join(directory, name)))).toEqual([])
    return files
  }

  beforeAll(async () => {
    // some of them cut at the full hour, and are asked for one file
    const leftMs = 3_600_000 - (Date.now() % 3_600_000)
    if (leftMs < 20_000) await new Promise((resolve) => setTimeout(resolve, leftMs))
    build()
    const [mp3, wav] = [onAir(mp3Programme()), onAir(wavProgramme())]
    // frames that came before would be a burst that reaches back: a seam, and no gap
    const otherMp3 = onAir(mp3Programme(20, '80k'))
    station = await FaultServer.start((connection) => {
      const { path } = connection.request
      if (refusing && path === '/a.mp3') return connection.reset()
      if (hasRefused && path === '/a.mp3') return otherMp3(connection)
      return (path.endsWith('.wav') ? wav : mp3)(connection)
    })
  })
  afterAll(() => station.close())

  it('are each under 40 lines, and say how they are started', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5)
    for (const name of examples) {
      const text = readFileSync(join(root, 'examples', name), 'utf8')
      expect(text.split('\n').length, name).toBeLessThan(40)
      expect(text, name).toContain(`node --import ./examples/ts-node.mjs examples/${name}`)
    }
  })

  it.concurrent('record-one-stream records until Ctrl+C', async () => {
    const recordings = join(folder, 'one')
    const example = await start('record-one-stream.ts', `${station.url}live.mp3`, recordings)
    await waitUntil('a recording', () => example.output().includes('recording '))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(await example.stop('SIGINT', 30_000), example.output()).toBe(0)
    const files = await expectPerfect(recordings)
    const told = /^(\S+\.mp3): ([\d.]+) s$/m.exec(example.output())
    expect(files.map((file) => file.slice(recordings.length + 1))).toContain(told?.[1])
    expect(await probeDurationSeconds(join(recordings, told![1]))).toBeCloseTo(Number(told![2]), 0)
  })

  it.concurrent('record-one-stream says what is missing', async () => {
    const example = await start('record-one-stream.ts')
    expect(await example.ended).toBe(2)
    expect(example.output()).toMatch(/^give the address of a stream.*\n$/)
  })

  it.concurrent('record-many records what a configuration names, and tells of gaps', async () => {
    const recordings = join(folder, 'many')
    const config = join(folder, 'many.ini')
    const sources = `[music]\nurl = ${station.url}a.mp3\n[speech]\nurl = ${station.url}b.wav\n`
    await writeFile(
      config,
      `[general]\noutput_directory = ${recordings}\nsplit_minutes = 0.05\nretry_delay_seconds = 0.2\n${sources}`,
    )
    const example = await start('record-many.ts', config)
    await waitUntil('recordings of both', () => /^music: closed[^]*^speech: closed/m.test(sorted(example.output())))
    const { length } = station.connections
    station.connections.filter(({ request }) => request.path === '/a.mp3').forEach((connection) => connection.reset())
    refusing = hasRefused = true
    await waitUntil('a refusal', () => station.connections.length > length + 1)
    refusing = false
    await waitUntil('a gap', () => /^music: \d+\.\d s lost, /m.test(example.output()))
    expect(await example.stop('SIGINT', 30_000), example.output()).toBe(0)
    const files = await expectPerfect(recordings)
    expect(files.some((file) => file.endsWith('.mp3'))).toBe(true)
    expect(files.some((file) => file.endsWith('.wav'))).toBe(true)
    const closed = [...example.output().matchAll(/^\w+: closed (.*)$/gm)].map((match) => join(recordings, match[1]))
    expect(closed.sort()).toEqual(files)
  })

  it.concurrent('custom-source records ten seconds of its tone', async () => {
    const recordings = join(folder, 'tone')
    const lines = await run('custom-source.ts', recordings)
    const files = await expectPerfect(recordings)
    expect(lines).toEqual([expect.stringMatching(/^\d{8}_\d{6}\.wav: 80000 samples$/)])
    expect((await decodePcm(files[0])).length).toBe(80_000 * 2)
    const { output } = await runTool('sox', [files[0], '-n', 'stat'])
    expect(Number(/Rough\s+frequency:\s+(\d+)/.exec(output)?.[1])).toBeCloseTo(440, -1)
  })

  it.concurrent('custom-storage writes every recording twice', async () => {
    const disks = [join(folder, 'disk1'), join(folder, 'disk2')]
    const example = await start('custom-storage.ts', `${station.url}live.mp3`, ...disks)
    await waitUntil('half a second of audio on the second disk', () => {
      const [file] = existsSync(disks[1]) ? audioIn(disks[1]) : []
      return file !== undefined && statSync(file).size > 8000
    })
    expect(await example.stop('SIGINT', 30_000), example.output()).toBe(0)
    const [first, second] = disks.map(audioIn)
    expect(first.map((file) => file.slice(disks[0].length))).toEqual(second.map((file) => file.slice(disks[1].length)))
    expect(await checkFiles(first)).toEqual([])
    for (const [at, file] of first.entries()) expect(readFileSync(file).equals(readFileSync(second[at]))).toBe(true)
    expect(example.output()).toMatch(/^\d{8}_\d{6}\.mp3: \d+ bytes, twice$/m)
  })

  it.concurrent('custom-storage says what is missing', async () => {
    const example = await start('custom-storage.ts', station.url, join(folder, 'one-disk'))
    expect(await example.ended).toBe(2)
    expect(example.output()).toMatch(/^give the address of a stream, and two folders\n$/)
  })

  it.concurrent('custom-splitter cuts after every 500 frames', async () => {
    const recordings = join(folder, 'frames')
    const path = join(folder, 'broadcast.mp3')
    const { audio } = mp3Programme(35)
    await writeFile(path, audio)
    const lines = await run('custom-splitter.ts', path, recordings)
    await expectPerfect(recordings)
    // 35 s are 1340 frames of 1152 samples, and one or two of the encoder's delay
    expect(lines.map((line) => line.split(': ')[1]).sort()).toEqual([
      expect.stringMatching(/^34[12] frames$/),
      '500 frames',
      '500 frames',
    ])
    const kept = readLedger(recordings).recordings.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0)
    expect(kept).toBe(audio.length)
  })

  it.concurrent('custom-splitter says what is wrong', async () => {
    for (const [args, code, words] of [
      [[], 2, /^give an audio file to split/],
      [[join(folder, 'nothing.mp3'), join(folder, 'nowhere')], 1, /nothing\.mp3 does not exist\n$/],
    ] as const) {
      const example = await start('custom-splitter.ts', ...args)
      expect(await example.ended, example.output()).toBe(code)
      expect(example.output()).toMatch(words)
    }
  })

  it.concurrent('split-on-silence splits in the middle of silences, and the pieces are the whole', async () => {
    const path = join(folder, 'programme.flac')
    const sounds =
      'aevalsrc=0.2*sin(2*PI*440*t)*(lt(t\\,3)+between(t\\,5\\,7)+between(t\\,8\\,9)+gt(t\\,13)):s=44100:d=16'
    await runTool('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', sounds, path])
    const lines = await run('split-on-silence.ts', path)
    const files = [1, 2, 3].map((part) => join(folder, `programme-${part}.flac`))
    const spans = lines.map((line) => /^(.*): ([\d.]+) to ([\d.]+) s$/.exec(line)!.slice(1))
    expect(spans.map(([file]) => file)).toEqual(files)
    const [[, , first], [, , second]] = spans.map(([file, ...times]) => [file, ...times.map(Number)] as const)
    // 3 to 5 s and 9 to 13 s are silent, 7 to 8 s are too short to be
    expect(Math.abs(first - 4)).toBeLessThan(0.15)
    expect(Math.abs(second - 11)).toBeLessThan(0.15)
    expect(await checkFiles(files)).toEqual([])
    const pieces = await Promise.all(files.map(decodePcm))
    expect(Buffer.concat(pieces).equals(await decodePcm(path))).toBe(true)
  })

  it.concurrent('split-on-silence says what is wrong', async () => {
    const example = await start('split-on-silence.ts', join(folder, 'no-programme.flac'))
    expect(await example.ended).toBe(1)
    expect(example.output()).toMatch(/^cannot open .*no-programme\.flac: it does not exist\n$/)
  })

  it.concurrent('watch-events prints every event as JSON', async () => {
    const recordings = join(folder, 'events')
    const lines = await run('watch-events.ts', recordings, '3')
    await expectPerfect(recordings)
    const events = lines.map((line) => JSON.parse(line) as { event: string; cause?: { message?: string } })
    // how loud it is comes a few times a second
    expect(events.some(({ event }) => event === 'level')).toBe(true)
    const names = events.map(({ event }) => event).filter((event) => event !== 'level')
    expect(names.filter((name) => name !== 'state').join(' ')).toBe('run:start recording:open recording:close run:end')
    // that it records is told as soon as audio comes, which may be before its file is there
    expect(names.filter((name) => name === 'state')).toHaveLength(4)
    expect(events.find(({ event }) => event === 'run:end')?.cause?.message).toBe('the recorder was stopped')
  })

  it.concurrent('analyze-file names the best sections by wall clock', async () => {
    const path = join(folder, 'burst.mp3')
    const burst = "sine=d=36,volume='if(between(t,20,22),1,0.001)':eval=frame"
    await runTool('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', burst, '-write_xing', '0', path])
    const recordings = join(folder, 'analyzed')
    await run('custom-splitter.ts', path, recordings)
    // 500 frames are 13 s: the burst is in the second file, whose tags know when it began
    const lines = await run('analyze-file.ts', audioIn(recordings)[1])
    expect(lines).toEqual([
      '13.1 s, 1 sections',
      expect.stringMatching(/^(6\.9|7\.0) to (8\.9|9\.0) s, \d+\.\d dB \(\d{4}-\d\d-\d\dT.*Z\)$/),
    ])
  })

  it.concurrent('analyze-file says what is wrong', async () => {
    for (const [args, code, words] of [
      [[], 2, /^give a recording/],
      [[join(folder, 'nothing.ogg')], 1, /nothing\.ogg: it does not exist\n$/],
    ] as const) {
      const example = await start('analyze-file.ts', ...args)
      expect(await example.ended, example.output()).toBe(code)
      expect(example.output()).toMatch(words)
    }
  })

  it.concurrent('embed-server serves a folder below a path of an application, until Ctrl+C', async () => {
    const recordings = join(folder, 'embedded')
    await run('custom-source.ts', recordings)
    const [file] = audioIn(recordings)
    const example = await start('embed-server.ts', recordings, '0')
    await waitUntil('the address', () => /^http:.*\/recordings\/$/m.test(example.output()))
    const [page] = example.output().trim().split('\n')
    expect(await (await fetch(new URL('/', page))).text()).toContain('href="recordings/"')
    expect(await (await fetch(page.slice(0, -1))).text()).toMatch(/<script [^>]*src="[^/]/)
    const { files } = (await (await fetch(`${page}api/files`)).json()) as { files: { name: string; size: number }[] }
    expect(files.map(({ name }) => join(recordings, name))).toEqual([file])
    const audio = Buffer.from(await (await fetch(`${page}stream/${files[0].name}`)).arrayBuffer())
    expect(audio.equals(readFileSync(file))).toBe(true)
    expect(await (await fetch(`${page}feed.m3u`)).text()).toContain(`${page}stream/${files[0].name}`)
    expect(await example.stop('SIGINT', 30_000), example.output()).toBe(0)
  })

  it.concurrent('embed-server says what is wrong', async () => {
    const example = await start('embed-server.ts', folder, String(new URL(station.url).port))
    expect(await example.ended).toBe(1)
    expect(example.output()).toMatch(/EADDRINUSE/)
  })

  it('leave none out', () => {
    expect([...tried].sort()).toEqual(examples.sort())
  })
})

const sorted = (text: string) => text.split('\n').sort().join('\n')
