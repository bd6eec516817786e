import { readdirSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles, VERBATIM_MP3 } from './rig/checkers.js'
import type { Feeder, FeedKind } from './rig/feeder.js'
import { FEED_KINDS, startFeeder } from './rig/feeder.js'
import type { Icecast } from './rig/icecast.js'
import { startIcecast } from './rig/icecast.js'
import {
  countedDurationSeconds,
  decodePcm,
  flacTotals,
  opusinfoDurationSeconds,
  probeDurationSeconds,
} from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import type { LedgerFile, RecordingLine } from './support/ledger-file.js'
import { lawBreaks, longEnough, readLedger } from './support/ledger-file.js'
import { audioPackets, bodyOf } from './support/ogg-packets.js'
import { expectPartOf } from './support/part-of.js'

const SPLIT_SECONDS = 4
const RECORD_SECONDS = 17

const extensions: Record<FeedKind, string> = {
  mp3: '.mp3',
  aac: '.aac',
  vorbis: '.ogg',
  opus: '.opus',
  'ogg-flac': '.oga',
  flac: '.flac',
}

/** Longest frame (Ogg: packet) of each feed, in seconds. */
const frameSeconds: Record<FeedKind, number> = {
  mp3: 1152 / 44100,
  aac: 1024 / 44100,
  vorbis: 1024 / 44100,
  opus: 0.02,
  'ogg-flac': 4608 / 44100,
  flac: 4608 / 44100,
}

describeWithTools([...CHECKER_TOOLS, 'icecast2', 'ffprobe'], 'six formats at once from a real Icecast', () => {
  const folder = tempDir('isr-six-')
  const recordings = join(folder, 'recordings')
  const exact = join(folder, 'exact')
  let icecast: Icecast
  let feeders: Feeder[] = []
  let exitCode: number
  let twinExitCode: number
  let output: string
  let stopSeconds: number
  let ledger: LedgerFile

  const linesOf = (kind: FeedKind): RecordingLine[] =>
    ledger.recordings.filter(({ source }) => source === kind).sort((a, b) => a.seq - b.seq)
  const pathOf = ({ name }: { readonly name: string }) => join(recordings, name)
  const copyOf = (kind: FeedKind) => join(folder, `${kind}${extensions[kind]}`)
  const joined = (kind: FeedKind) => Buffer.concat(linesOf(kind).map((line) => readFileSync(pathOf(line))))

  beforeAll(async () => {
    icecast = await startIcecast()
    feeders = await Promise.all(
      FEED_KINDS.map((kind, seed) => startFeeder(icecast, kind, { seed, copyTo: copyOf(kind) })),
    )
    const sources = FEED_KINDS.map(
      (kind, at) => `[${kind}]\nurl = ${feeders[at].url}\nfilename_pattern = ${kind}/%H%M%S\n`,
    )
    const general = `[general]\noutput_directory = ${recordings}\nsplit_minutes = ${SPLIT_SECONDS / 60}\nsplit_join = verbatim\n`
    await writeFile(join(folder, 'config.ini'), [general, ...sources].join('\n'))
    await writeFile(
      join(folder, 'exact.ini'),
      [general.replace(recordings, exact).replace('verbatim', 'exact'), ...sources].join('\n'),
    )
    const twin = await startIsr(['record', 'exact.ini'], { cwd: folder })
    const isr = await startIsr(['record', 'config.ini'], { cwd: folder })
    await new Promise((resolve) => setTimeout(resolve, RECORD_SECONDS * 1000))
    const stoppedAt = performance.now()
    const twinExit = twin.stop('SIGINT', 30_000)
    exitCode = await isr.stop('SIGINT', 30_000)
    stopSeconds = (performance.now() - stoppedAt) / 1000
    output = isr.output()
    twinExitCode = await twinExit
    await waitUntil('the copies of what was sent', () => FEED_KINDS.every((kind) => statSync(copyOf(kind)).size > 0))
    await Promise.all(feeders.map((feeder) => feeder.stop('SIGINT')))
    ledger = readLedger(recordings)
  })

  afterAll(async () => {
    await Promise.all(feeders.map((feeder) => feeder.stop()))
    await icecast?.stop()
  })

  it('ends with exit code 0, soon', () => {
    expect(exitCode, output).toBe(0)
    expect(stopSeconds).toBeLessThan(10)
    expect(output).not.toMatch(/error|warning|unhandled/i)
  })

  it.each(FEED_KINDS)('leaves whole files of %s and a ledger that knows them all', (kind) => {
    const lines = linesOf(kind)
    // 17 s hold at least three whole files of 4 s and the two at the ends
    expect(lines.length).toBeGreaterThanOrEqual(4)
    expect(new Set(lines.map(({ run }) => run)).size).toBe(1)
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index))
    expect(lines.map(({ closedBy }) => closedBy)).toEqual([...lines.slice(1).map(() => 'boundary'), 'stop'])
    expect(lines.map(({ name }) => extname(name))).toEqual(lines.map(() => extensions[kind]))
    expect(lines.map((line) => statSync(pathOf(line)).size)).toEqual(lines.map(({ bytes }) => bytes))
    const names = lines.map(({ name }) => name).sort()
    expect(
      readdirSync(join(recordings, kind))
        .map((file) => `${kind}/${file}`)
        .sort(),
    ).toEqual(names)
    expect(
      ledger.opens
        .filter(({ source }) => source === kind)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names)
    const seconds = lines.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
    // the burst on connect is audio from the past: some seconds more than we listened; encoders of a loaded machine send less
    expect(seconds).toBeGreaterThan(RECORD_SECONDS - 6)
    expect(seconds).toBeLessThan(RECORD_SECONDS + 8)
  })

  it('keeps the ledger law: received = kept + discarded, and no gap', () => {
    expect(ledger.runs.length).toBe(FEED_KINDS.length)
    expect(lawBreaks(ledger)).toEqual([])
    expect(ledger.gaps).toEqual([])
  })

  it('writes files that no checker has a word against', async () => {
    // the first and the last of each may be a moment long: checkers call a file of three frames no audio
    const all = longEnough(ledger).map((name) => pathOf({ name }))
    expect(all.length).toBeGreaterThanOrEqual(3 * FEED_KINDS.length)
    expect(await checkFiles(all, { allow: VERBATIM_MP3 })).toEqual([])
  })

  it('with split_join = exact: no checker has a word, not one allowed, and the law holds', async () => {
    expect(twinExitCode).toBe(0)
    const twin = readLedger(exact)
    expect(twin.recordings.length).toBeGreaterThanOrEqual(4 * FEED_KINDS.length)
    expect(twin.gaps).toEqual([])
    expect(lawBreaks(twin)).toEqual([])
    expect(await checkFiles(longEnough(twin).map((name) => join(exact, name)))).toEqual([])
  })

  it.each(FEED_KINDS)('cuts %s within a frame of the clock, and joins without a hole', (kind) => {
    const lines = linesOf(kind)
    for (const [index, line] of lines.entries()) {
      const startedAt = Date.parse(line.startedAt) / 1000
      if (index > 0) {
        const behind = startedAt % SPLIT_SECONDS
        expect(behind, line.name).toBeGreaterThanOrEqual(0)
        expect(behind, line.name).toBeLessThan(frameSeconds[kind] + 0.001)
        const before = lines[index - 1]
        const joint = Date.parse(before.startedAt) / 1000 + before.durationSeconds - startedAt
        // times are written in whole milliseconds and follow the source's clock by 500 ppm at most: 3 ms in 6 s
        expect(Math.abs(joint), line.name).toBeLessThan(frameSeconds[kind] + 0.005)
      }
    }
  })

  it.each(FEED_KINDS)('tells the same length of %s everywhere', async (kind) => {
    const tolerance = frameSeconds[kind]
    const judged = longEnough(ledger)
    for (const line of linesOf(kind).filter(({ name }) => judged.includes(name))) {
      const path = pathOf(line)
      const near = (seconds: number, who: string) =>
        expect(
          Math.abs(seconds - line.durationSeconds),
          `${line.name}: ${who} ${seconds}, ledger ${line.durationSeconds}`,
        ).toBeLessThanOrEqual(tolerance)
      expect(line.durationSeconds).toBeCloseTo(line.samples / line.sampleRate, 6)
      const decoded = (await decodePcm(path)).length / 4 / line.sampleRate
      near(decoded, 'decoded')
      if (kind === 'aac') near(await countedDurationSeconds(path), 'packets')
      else if (kind === 'opus') {
        near((await probeDurationSeconds(path)) - preSkip(path) / 48000, 'ffprobe')
        near(await opusinfoDurationSeconds(path), 'opusinfo')
      } else near(await probeDurationSeconds(path), 'ffprobe')
      if (kind === 'flac' || kind === 'ogg-flac') expect(flacTotals(path).samples).toBe(line.samples)
    }
  })

  it.each(['mp3', 'aac'] as const)('holds the very bytes that the station sent: %s', (kind) => {
    const heard = joined(kind)
    expect(heard.length).toBeGreaterThan(150_000)
    expect(readFileSync(copyOf(kind)).indexOf(heard)).toBeGreaterThanOrEqual(0)
  })

  it.each(['vorbis', 'opus', 'ogg-flac'] as const)('holds the very packets that the station sent: %s', (kind) => {
    const packets = linesOf(kind).flatMap((line) => audioPackets(readFileSync(pathOf(line))))
    expect(packets.length).toBe(linesOf(kind).reduce((sum, { frames }) => sum + frames, 0))
    expectPartOf(packets.map(bodyOf(kind)), audioPackets(readFileSync(copyOf(kind))).map(bodyOf(kind)))
  })

  it.each(['flac', 'ogg-flac'] as const)('decodes to the very samples that the station sent: %s', async (kind) => {
    const parts: Buffer[] = []
    for (const line of linesOf(kind)) parts.push(await decodePcm(pathOf(line)))
    const heard = Buffer.concat(parts)
    expect(heard.length).toBe(linesOf(kind).reduce((sum, { samples }) => sum + samples, 0) * 4)
    expect((await decodePcm(copyOf(kind))).indexOf(heard)).toBeGreaterThanOrEqual(0)
  })
})

/** Pre-skip of an Opus file, in samples at 48 kHz. @source RFC 7845 §5.1 */
function preSkip(path: string): number {
  const bytes = readFileSync(path)
  return bytes.readUInt16LE(bytes.indexOf('OpusHead') + 10)
}
