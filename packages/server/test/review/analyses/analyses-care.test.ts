import { mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary } from '@isr/core'
import { FakeClock } from '@isr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AnalysesCare } from '../../../src/review/analyses/analyses-care.js'
import { putWav } from '../recording.js'

describe('analyses in a folder of their own', () => {
  let root: string
  const recordings = () => join(root, 'recordings')
  const analyses = () => readdirSync(join(root, 'analyses')).sort()
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'isr-care-'))
    mkdirSync(join(recordings(), '.isr'), { recursive: true })
    mkdirSync(join(root, 'analyses'))
    writeFileSync(join(recordings(), '.isr/ledger.jsonl'), '')
    for (const name of ['a.wav', 'b.wav']) putWav(recordings(), name, new Int16Array(800), 8000)
    for (const name of ['a.wav', 'b.wav', 'gone.wav'])
      for (const ending of ['analysis.json', 'levels']) writeFileSync(join(root, 'analyses', `${name}.${ending}`), '')
    writeFileSync(join(root, 'analyses/notes.json'), '{}')
  })
  afterEach(() => rmSync(root, { recursive: true }))
  const start = async () => {
    const clock = new FakeClock(Date.now())
    const library = await openLibrary({ directory: recordings(), clock })
    const care = new AnalysesCare({
      directory: recordings(),
      analysesDirectory: join(root, 'analyses'),
      library,
      clock,
    })
    return { clock, library, care }
  }

  it('go with what a recorder has removed, and nothing else does', async () => {
    const { clock, library, care } = await start()
    await clock.advance(6000)
    await expect.poll(analyses).not.toContain('gone.wav.levels')
    expect(analyses()).toEqual([
      'a.wav.analysis.json',
      'a.wav.levels',
      'b.wav.analysis.json',
      'b.wav.levels',
      'notes.json',
    ])
    unlinkSync(join(recordings(), 'a.wav'))
    await expect
      .poll(async () => {
        await clock.advance(2000)
        return analyses()
      })
      .toEqual(['b.wav.analysis.json', 'b.wav.levels', 'notes.json'])
    await care.close()
    await library.close()
  })

  it('stay when the volume of the recordings is gone', async () => {
    const { clock, library, care } = await start()
    rmSync(join(recordings(), '.isr'), { recursive: true })
    const before = analyses()
    for (const name of ['a.wav', 'b.wav']) unlinkSync(join(recordings(), name))
    await expect
      .poll(async () => {
        await clock.advance(3000)
        return library.size
      })
      .toBe(0)
    await clock.advance(20_000)
    await care.close()
    expect(analyses()).toEqual(before)
    await library.close()
  })
})
