import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock, type Library, type LibraryEntry } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnalysisIndex } from '../../../src/review/analyses/analysis-index.js'
import { SectionQueue } from '../../../src/review/sections/section-queue.js'
import { analysisOf, putAnalysis } from '../recording.js'

const FILES = 2000
const SECTIONS = 26

describe('AnalysisIndex of many files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-index-'))
  const entries: LibraryEntry[] = Array.from({ length: FILES }, (_, at) => ({
    name: `${at}.wav`,
    source: `s${at % 3}`,
    startedAt: Date.UTC(2026, 0, 1) + at * 1_200_000,
    utcOffsetMinutes: 0,
    durationSeconds: 3600,
    sizeBytes: 1000,
    state: 'closed',
    active: false,
    titles: [],
  }))
  const library = { version: 1, find: () => ({ entries: entries.toReversed(), total: FILES }) } as unknown as Library
  const levels = Array.from({ length: 800 }, (_, at) => Number((at / 801).toFixed(6)))

  beforeAll(() => {
    for (const [index, { name }] of entries.entries()) {
      const sections = Array.from({ length: SECTIONS }, (_, at) => {
        return { start: at * 100, end: at * 100 + 3, peak: 0.3, score: (index * 7 + at * 13) % 41 }
      })
      putAnalysis(directory, name, { ...analysisOf(sections, 3600), rms_display: levels })
    }
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  it('reads them in small steps, and only once', async () => {
    const index = new AnalysisIndex({ directory: join(directory, 'analyses'), clock: systemClock })
    await index.start()
    const queue = new SectionQueue(library, index)
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const { signal } = new AbortController()
    const found = await queue.find({ order: 'score' }, signal)
    delay.disable()
    expect(found).toMatchObject({ total: FILES * SECTIONS, analysed: FILES, missing: [] })
    const scores = found.slice(0, 5000).map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((one, other) => other - one))
    expect(scores[0]).toBe(40)
    // one step that reads them all would be most of what there is; a loaded machine is late now and then
    expect(delay.percentile(90) / 1e6).toBeLessThan(100)
    rmSync(join(directory, 'analyses/7.wav.analysis.json'))
    const starts = (await queue.find({ order: 'time' }, signal))
      .slice(0, 5000)
      .map(({ entry, start }) => entry.startedAt + start * 1000)
    expect(starts).toEqual(starts.toSorted((one, other) => one - other))
    expect((await queue.find({ order: 'time', minScore: 30 }, signal)).missing).toEqual(['7.wav'])
    index.close()
  })

  it('ends early when nobody waits', async () => {
    const index = new AnalysisIndex({ directory: join(directory, 'analyses'), clock: systemClock })
    await index.start()
    await index.read(entries, AbortSignal.abort())
    expect(entries.filter((entry) => index.get(entry))).toEqual([])
    index.close()
  })
})
