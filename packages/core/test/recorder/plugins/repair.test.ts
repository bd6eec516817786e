import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Format } from '../../../src/formats/format.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { repairFolder } from '../../../src/station/folder/repair-folder.js'
import { verifyFolder } from '../../../src/station/folder/verify-folder.js'
import { Recorder } from '../../../src/station/recorder.js'
import { ScriptedSource } from '../../../src/testing/scripted-source.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-plugin-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pcm = { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } as const
const steps = Array.from({ length: 40 }, (_, second) => ({ bytes: new Uint8Array(16_000).fill(second) }))

/** WAV whose second muxer fails when it has done its work: what it counts is no longer what it gave out. */
function failing(method: 'write' | 'end'): Format {
  let muxers = 0
  return {
    ...wavFormat,
    createMuxer: (header, context) => {
      const muxer = wavFormat.createMuxer(header, context)
      if (muxers++ !== 1) return muxer
      let calls = 0
      const work = muxer[method].bind(muxer) as (...args: unknown[]) => unknown
      const fail = (...args: unknown[]) => {
        const result = work(...args)
        if (method === 'end' || ++calls === 3) throw new Error('broken')
        return result
      }
      return Object.assign(muxer, { [method]: fail })
    },
  }
}

it.each(['write', 'end'] as const)(
  'what a muxer that fails in %s left is proven by repair; then all is well',
  async (method) => {
    const directory = join(folder, method)
    const recorder = new Recorder({
      source: new ScriptedSource('tape', [{ pace: 'unpaced', pcm, steps, end: 'clean' }], { finite: true }),
      storage: directory,
      formats: [failing(method)],
      splitter: new AfterDuration({ seconds: 10 }),
      filenamePattern: '%H%M%S.%f',
      timeZone: 'UTC',
    })
    recorder.start()
    expect(await recorder.finished).toMatchObject({ state: 'failed', error: { code: 'ISR_PLUGIN_FAILED' } })
    const before = await verifyFolder({ directory })
    expect(before.findings.filter(({ severity }) => severity === 'fault')).toMatchObject([{ code: 'file-unfinished' }])
    // nobody vouches for it: it must have rested for a minute
    for (const name of readdirSync(directory)) utimesSync(join(directory, name), 1_700_000_000, 1_700_000_000)
    const outcomes = await repairFolder({ directory })
    expect(outcomes).toMatchObject([{ action: 'repaired', recording: { samples: method === 'end' ? 80_000 : 16_000 } }])
    const after = await verifyFolder({ directory })
    expect(after.findings.filter(({ severity }) => severity === 'fault')).toEqual([])
  },
)
