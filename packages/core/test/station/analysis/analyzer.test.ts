import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { wavOf } from '../../../../../tests/support/wav.js'
import { ThresholdDetector } from '../../../src/analysis/detectors/threshold-detector.js'
import type { AnalysisJson } from '../../../src/analysis/cache/analysis-json.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import { UniformSpan } from '../../../src/formats/frame-span.js'
import { Analyzer } from '../../../src/station/analysis/analyzer.js'
import { pruneAnalyses } from '../../../src/station/analysis/prune.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { TrashFolder } from '../../../src/storages/trash/trash-folder.js'
import { FileStorage } from '../../../src/storages/file-storage.js'
import { ManualClock } from '../../support/manual-clock.js'

const RATE = 8000

/** A WAV file of silence with noise from second to second. */
function wav(seconds: number, ...loud: (readonly [number, number])[]): Uint8Array {
  const header = new WavHeader({ layout: { sampleRateHz: RATE, channels: 1, sampleFormat: 's16' } })
  const pcm = new Int16Array(seconds * RATE)
  for (const [from, to] of loud)
    for (let at = from * RATE; at < to * RATE; at++) pcm[at] = at % 2 === 0 ? 0x4000 : -0x4000
  const context = { join: 'exact', history: [], startedAt: 0, utcOffsetMinutes: 0, source: 'test', serial: 1 } as const
  const muxer = wavFormat.createMuxer(header, { ...context, opusPrerollMs: 400 })
  const begin = muxer.begin()
  const bytes = Buffer.concat([begin, muxer.write(new UniformSpan(header, new Uint8Array(pcm.buffer), 2, 1))])
  const { tail, patches } = muxer.end()
  const file = Buffer.concat([bytes, tail])
  for (const { offsetBytes, bytes } of patches) file.set(bytes, offsetBytes)
  return file
}

const root = mkdtempSync(join(tmpdir(), 'isr-analyzer-'))
const threshold = new ThresholdDetector({ thresholdRms: 0.1, minGapSeconds: 1 })
let analyzer: Analyzer
let folder: string
let number = 0

beforeAll(() => {
  analyzer = new Analyzer()
})
beforeEach(() => {
  folder = join(root, String(++number))
  mkdirSync(join(folder, 'analyses'), { recursive: true })
})
afterAll(async () => {
  await analyzer.close()
  rmSync(root, { recursive: true })
})

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return path
}
const cachePath = (name: string) => join(folder, 'analyses', `${name}.analysis.json`)
const cached = (name: string) => JSON.parse(readFileSync(cachePath(name), 'utf8')) as AnalysisJson

describe('Analyzer', () => {
  it('finds what is loud, draws it, and keeps both', async () => {
    const path = put('rec.wav', wav(60, [10, 13], [40, 42]))
    const progress: number[] = []
    const analysis = await analyzer.analyze(path, { onProgress: ({ doneSeconds }) => progress.push(doneSeconds) })
    const { sections, rmsDisplay, durationSeconds, channels, sampleRateHz, windowMs, detector } = analysis
    expect([durationSeconds, channels, sampleRateHz, windowMs, detector.name]).toEqual([60, 1, RATE, 100, 'adaptive'])
    expect(sections.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
      [10, 13],
      [40, 42],
    ])
    expect(sections[0].peak).toBeCloseTo(0.5, 3)
    expect(rmsDisplay.length).toBe(600)
    expect(rmsDisplay.slice(99, 131).map((level) => Number(level > 0))).toEqual([0, ...Array<number>(30).fill(1), 0])
    expect(readdirSync(join(folder, 'analyses')).sort()).toEqual(['rec.wav.analysis.json', 'rec.wav.levels'])
    expect(cached('rec.wav').sections[1]).toMatchObject({ start: 40, end: 42 })
    expect(await analyzer.analyze(path)).toEqual(analysis)
  })

  it('draws at most 800 points, and no short event gets lost', async () => {
    const { rmsDisplay } = await analyzer.analyze(put('long.wav', wav(200, [100, 101])))
    expect(rmsDisplay.length).toBe(800)
    expect(rmsDisplay.filter((level) => level > 0).length).toBe(4)
  })

  it.each([
    ['torn', (text: string) => text.slice(0, text.length >> 1)],
    ['of another file', (text: string) => text.replace(/"bytes":\d+/, '"bytes":1')],
    ['of another version', (text: string) => text.replace('"v":1', '"v":99')],
    ['of an older detector', (text: string) => text.replace('"version":', '"version":0')],
    ['faulty', (text: string) => text.replace(/"sections":\[.*\]/, '"sections":[{"start":"x"}]')],
    ['none', () => ''],
    ['a list', () => '[]'],
  ])('replaces a result that is %s', async (_, spoil) => {
    const path = put('rec.wav', wav(5, [1, 3]))
    const analysis = await analyzer.analyze(path)
    const good = readFileSync(cachePath('rec.wav'), 'utf8')
    const spoilt = spoil(good)
    expect(spoilt).not.toBe(good)
    writeFileSync(cachePath('rec.wav'), spoilt)
    expect(await analyzer.analyze(path)).toEqual(analysis)
    expect(readFileSync(cachePath('rec.wav'), 'utf8')).toBe(good)
  })

  it('tells what made it loud, and takes results that were kept before it was told', async () => {
    const path = put('rec.wav', wav(60, [10, 13]))
    const { thresholds } = await analyzer.analyze(path)
    // the lowest floor and a margin, in silence
    expect(thresholds?.map(({ startSeconds }) => startSeconds)).toEqual([0])
    expect(20 * Math.log10(thresholds?.[0]?.rms ?? 0)).toBeCloseTo(-54 + 12, 5)
    expect(cached('rec.wav').thresholds).toEqual(thresholds?.map(({ rms }) => ({ start: 0, rms })))
    const { thresholds: _, ...before } = cached('rec.wav')
    writeFileSync(cachePath('rec.wav'), JSON.stringify({ ...before, rms_display: [0.25] }))
    const taken = await analyzer.analyze(path)
    expect(taken.rmsDisplay).toEqual([0.25])
    expect(taken.thresholds).toBeUndefined()
    writeFileSync(cachePath('rec.wav'), JSON.stringify({ ...before, thresholds: [{ start: 'x', rms: 1 }] }))
    expect((await analyzer.analyze(path)).thresholds).toEqual(thresholds)
    const fixed = await analyzer.analyze(path, { detector: threshold })
    expect(fixed.thresholds).toEqual([{ startSeconds: 0, rms: 0.1 }])
  })

  it('looks again when the file or the question has changed', async () => {
    const path = put('a/b/rec.wav', wav(5, [1, 3]))
    mkdirSync(join(folder, '.isr'))
    writeFileSync(join(folder, '.isr', 'ledger.jsonl'), '')
    expect((await analyzer.analyze(path)).loudness).toBeUndefined()
    expect(readdirSync(join(folder, 'analyses', 'a', 'b'))).toHaveLength(2)
    expect((await analyzer.analyze(path, { detector: threshold })).detector.parameters).toEqual(threshold.parameters)
    expect(cached('a/b/rec.wav')).toMatchObject({ threshold: 0.1, min_gap: 1 })
    expect(
      (await analyzer.analyze(path, { detector: threshold, loudness: true })).loudness?.integratedLufs,
    ).toBeLessThan(0)
    expect((await analyzer.analyze(path, { detector: threshold })).loudness).toBeDefined()
    put('a/b/rec.wav', wav(6, [2, 3]))
    const [section] = (await analyzer.analyze(path, { detector: threshold })).sections
    expect([section.startSeconds, section.endSeconds]).toEqual([2, 3])
    utimesSync(path, 2e9, 2e9)
    expect((await analyzer.analyze(path, { detector: threshold })).loudness).toBeUndefined()
  })

  it('keeps nothing of files elsewhere, and nothing when told so', async () => {
    rmSync(join(folder, 'analyses'), { recursive: true })
    const path = put('elsewhere.wav', wav(2, [0, 1]))
    expect((await analyzer.analyze(path, { detector: threshold })).sections).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['elsewhere.wav'])
    const own = new Analyzer({ analysesDirectory: join(folder, 'mine') })
    await own.analyze(path)
    expect(readdirSync(join(folder, 'mine'))).toContain('elsewhere.wav.analysis.json')
    mkdirSync(join(folder, 'analyses'))
    const without = new Analyzer({ cache: false })
    await without.analyze(path)
    expect(readdirSync(join(folder, 'analyses'))).toEqual([])
    await Promise.all([own.close(), without.close()])
  })

  it('takes the result of the program before, when it is of the same parameters and newer than the file', async () => {
    const path = put('rec.wav', wav(5, [1, 3]))
    const earlier = { duration: 5, window_ms: 100, threshold: 0.1, min_gap: 1, rms_display: [0.25, 0.5] }
    const section = { start: 0.5, end: 1.5, peak: 0.25 }
    writeFileSync(cachePath('rec.wav'), JSON.stringify({ ...earlier, sections: [section] }))
    const found = await analyzer.analyze(path, { detector: threshold })
    expect(found).toMatchObject({ durationSeconds: 5, sampleRateHz: RATE, channels: 1, rmsDisplay: [0.25, 0.5] })
    expect(found.sections).toEqual([{ startSeconds: 0.5, endSeconds: 1.5, peak: 0.25, score: 20 * Math.log10(0.25) }])
    // other parameters: found anew, and the file replaced
    const other = new ThresholdDetector({ thresholdRms: 0.2, minGapSeconds: 1 })
    expect((await analyzer.analyze(path, { detector: other })).sections[0].startSeconds).toBe(1)
    expect(cached('rec.wav').detector.name).toBe('threshold')
    writeFileSync(cachePath('rec.wav'), JSON.stringify({ ...earlier, sections: [section] }))
    utimesSync(cachePath('rec.wav'), 1e9, 1e9)
    expect((await analyzer.analyze(path, { detector: threshold })).sections[0].startSeconds).toBe(1)
  })

  it('knows when a recording began by the ledger', async () => {
    const path = put('rec.wav', wavOf(new Int16Array(2 * RATE), RATE))
    const line = {
      ...{ v: 1, type: 'open', source: 's', run: 'r', name: 'rec.wav', startedAt: '2026-11-22T16:00:00.250Z' },
      ...{ utcOffset: '+01:00', format: 'wav', codec: 'pcm', sampleRate: RATE, channels: 1 },
    }
    mkdirSync(join(folder, '.isr'))
    writeFileSync(join(folder, '.isr', 'ledger.jsonl'), `${JSON.stringify(line)}\n`)
    expect((await analyzer.analyze(path)).startedAt).toBe(Date.parse(line.startedAt))
    expect((await analyzer.analyze(path)).startedAt).toBe(Date.parse(line.startedAt))
  })

  it('takes recordings in storages', async () => {
    const memory = new MemoryStorage()
    const writer = await memory.create('deep/rec.wav')
    writer.append(wav(5, [1, 3]))
    await writer.commit([])
    const expected = [[1, 3]]
    for (const storage of [memory, new FileStorage({ directory: folder })]) {
      put('deep/rec.wav', wav(5, [1, 3]))
      const { sections } = await analyzer.analyze({ storage, name: 'deep/rec.wav' }, { detector: threshold })
      expect(sections.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(expected)
    }
    expect(statSync(cachePath('deep/rec.wav')).isFile()).toBe(true)
    await expect(analyzer.analyze({ storage: memory, name: 'none.wav' })).rejects.toMatchObject({
      code: 'ISR_STORAGE_NOT_FOUND',
    })
  })

  it('opens levels: kept ones, measured ones, and those that cannot be kept', async () => {
    const path = join(folder, 'levels.wav')
    writeFileSync(path, wav(5, [2, 3]))
    const peaksOf = async (input: Parameters<Analyzer['levels']>[0], by = analyzer) => {
      const levels = await by.levels(input)
      const { reader, memoryBytes } = levels!
      const { peak } = await reader.levelsBetween(0, reader.durationSeconds, 5)
      await levels!.close()
      return { peaks: [...peak].map((one) => Number(one.toFixed(2))), isInMemory: memoryBytes > 0 }
    }
    const peaks = [0, 0, 0.5, 0, 0]
    const stored = { storage: new FileStorage({ directory: folder }), name: 'levels.wav' }
    expect(await peaksOf(stored)).toEqual({ peaks, isInMemory: false })
    const kept = join(folder, 'analyses/levels.wav.levels')
    const { ino } = statSync(kept)
    expect(await peaksOf(stored)).toEqual({ peaks, isInMemory: false })
    expect(statSync(kept).ino).toBe(ino)
    await using blocked = new Analyzer({ analysesDirectory: '/proc/isr' })
    expect(await peaksOf(stored, blocked)).toEqual({ peaks, isInMemory: true })
    const storage = new MemoryStorage()
    const writer = await storage.create('rec.wav')
    writer.append(wav(5, [2, 3]))
    await writer.commit([])
    expect(await peaksOf({ storage, name: 'rec.wav' })).toEqual({ peaks, isInMemory: true })
  })

  it('says what is wrong with what it cannot read', async () => {
    const nothing = put('nothing.txt', Buffer.from('no audio at all, but more than a few bytes of text'))
    await expect(analyzer.analyze(nothing)).rejects.toMatchObject({ code: 'ISR_FORMAT_UNKNOWN' })
    await expect(analyzer.analyze(join(folder, 'gone.wav'))).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    const path = put('rec.wav', wav(5))
    await expect(analyzer.analyze(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    expect(readdirSync(join(folder, 'analyses'))).toEqual([])
  })
})

describe('pruneAnalyses', () => {
  it('removes what has lost its recording, and nothing else', async () => {
    const kept = [
      'rec.wav.analysis.json',
      'rec.wav.levels',
      'sub/rec.ogg.levels',
      'notes.txt',
      'x.json',
      '.hidden.analysis.json',
    ]
    const orphans = ['gone.wav.analysis.json', 'gone.wav.levels', 'sub/gone.ogg.levels']
    const torn = 'rec.wav.levels.123.0123abcd.tmp'
    for (const name of [...kept, ...orphans, torn, 'rec.wav.analysis.json.9.89abcdef.tmp'])
      put(`analyses/${name}`, Buffer.from('x'))
    put('rec.wav', wav(1))
    put('sub/rec.ogg', Buffer.from('x'))
    utimesSync(join(folder, 'analyses', torn), 1e9, 1e9)
    const clock = new ManualClock(Date.now())
    expect(await pruneAnalyses({ directory: folder, clock })).toEqual([...orphans, torn].sort())
    expect(await pruneAnalyses({ directory: folder, clock })).toEqual([])
    for (const name of kept) expect(statSync(join(folder, 'analyses', name)).isFile(), name).toBe(true)
  })

  it('keeps those of a recording that can be put back', async () => {
    put('rec.wav', wav(1))
    put('analyses/rec.wav.levels', Buffer.from('x'))
    const trash = new TrashFolder(folder)
    const trashed = await trash.put('rec.wav')
    expect(await pruneAnalyses({ directory: folder })).toEqual([])
    await trash.purge(trashed)
    expect(await pruneAnalyses({ directory: folder, signal: AbortSignal.abort() })).toEqual([])
    expect(await pruneAnalyses({ directory: folder })).toEqual(['rec.wav.levels'])
  })

  it('removes nothing when the recordings are not there at all', async () => {
    put('analyses/gone.wav.levels', Buffer.from('x'))
    const elsewhere = { directory: join(folder, 'unmounted'), analysesDirectory: join(folder, 'analyses') }
    await expect(pruneAnalyses(elsewhere)).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    expect(readdirSync(join(folder, 'analyses'))).toEqual(['gone.wav.levels'])
    rmSync(join(folder, 'analyses'), { recursive: true })
    expect(await pruneAnalyses({ directory: folder })).toEqual([])
  })
})
