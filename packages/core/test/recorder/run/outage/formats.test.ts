import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../../tests/e2e/rig/require-tool.js'
import { builtInFormats } from '../../../../src/formats/registry.js'
import type { RecordingLine } from '../../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../../src/ledger/ledger.js'
import { LedgerScan } from '../../../../src/ledger/read/ledger-scan.js'
import type { RecorderOptions } from '../../../../src/recorder/options.js'
import { repairFile } from '../../../../src/recovery/repair-file.js'
import { AfterDuration } from '../../../../src/splitters/after-duration.js'
import { Never } from '../../../../src/splitters/never.js'
import { Recorder } from '../../../../src/station/recorder.js'
import { FakeClock } from '../../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection } from '../../../../src/testing/scripted-source.js'
import { apart, decodeFiles, joined } from '../../../support/decoded.js'
import { FaultyStorage } from '../../../support/faulty-storage.js'
import { expectLedgerLaw } from '../../../support/ledger-law.js'

const SECONDS = 16
const PCM = { sampleRateHz: 8000, channels: 2, sampleFormat: 's16' } as const
const root = mkdtempSync(join(tmpdir(), 'isr-outage-'))
afterAll(() => rmSync(root, { recursive: true }))

/** In pieces of a fifth of a second, as from a station. */
function connection(args: string): ScriptedConnection {
  const sound = `-nostdin -v error -f lavfi -i anoisesrc=a=0.3:d=${SECONDS}:r=44100:seed=7 -ac 2`
  const bytes = execFileSync('ffmpeg', [...sound.split(' '), ...args.split(' '), '-'], { maxBuffer: 1 << 28 })
  const count = 5 * SECONDS
  const at = (index: number) => Math.floor((bytes.length * index) / count)
  const steps = Array.from({ length: count }, (_, index) => ({
    afterMs: 200,
    bytes: Uint8Array.from(bytes.subarray(at(index), at(index + 1))),
  }))
  return { steps, ...(args.includes('s16le') && { pcm: PCM }) }
}

/** Files of a recording, in the order of time, as repair leaves them. */
async function record(script: ScriptedConnection, options: Partial<RecorderOptions>, outages: readonly number[]) {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
  const storage = new FaultyStorage(clock)
  const ledger = new MemoryLedger()
  const recorder = new Recorder({
    source: new ScriptedSource('test', [script]),
    ...{ storage, ledger, clock, timeZone: 'UTC' },
    ...options,
  })
  recorder.start()
  let nowMs = 0
  for (const atMs of outages) {
    await clock.advance(atMs - nowMs)
    storage.break()
    await clock.advance(2500)
    storage.mend()
    nowMs = atMs + 2500
  }
  await clock.advance(1000 * SECONDS + 1000 - nowMs)
  await recorder.stop()
  expectLedgerLaw(ledger.entries)
  expect(ledger.entries.filter(({ type }) => type === 'gap')).toEqual([])
  const scan = new LedgerScan()
  for (const [index, entry] of ledger.entries.entries())
    scan.take({ entry, line: index + 1, startByte: index, text: JSON.stringify(entry) })
  const unfinished = scan.unfinished.length
  for (const remains of scan.unfinished) {
    const { action, reason } = await repairFile(remains, { storage, ledger, formats: builtInFormats, clock })
    expect({ action, reason }).toEqual({ action: remains.keepFrames === 0 ? 'removed' : 'repaired', reason: undefined })
  }
  const lines = new Map<string, RecordingLine>()
  for (const entry of ledger.entries) {
    if (entry.type === 'recording') lines.set(entry.name, entry)
    else if (entry.type === 'removed') lines.delete(entry.name)
  }
  const files = [...lines.values()].sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
  const folder = mkdtempSync(join(root, 'files-'))
  const paths = files.map(({ name }) => {
    const path = join(folder, name)
    writeFileSync(path, storage.bytes(name))
    return path
  })
  return { paths, unfinished, frames: files.reduce((sum, { frames }) => sum + frames, 0) }
}

describeWithTools(['ffmpeg'], 'an outage amid audio of any format', () => {
  it.each([
    ['MP3', '-c:a libmp3lame -b:a 128k -f mp3', {}],
    ['AAC', '-c:a aac -b:a 96k -f adts', {}],
    ['Vorbis', '-c:a libvorbis -q:a 4 -f ogg', {}],
    ['Opus', '-ar 48000 -c:a libopus -b:a 64k -f ogg', {}],
    ['FLAC in Ogg', '-c:a flac -f ogg', {}],
    ['FLAC', '-c:a flac -f flac', {}],
    ['PCM as FLAC', '-ar 8000 -c:a pcm_s16le -f s16le', { pcmFormat: 'flac' }],
  ] as const)('%s: the files join to the sample, none is there twice', async (kind, args, options) => {
    const script = connection(args)
    const whole = await record(script, { ...options, splitter: new Never() }, [])
    const torn = await record(script, { ...options, splitter: new AfterDuration({ seconds: 6 }) }, [3700, 10_900])
    expect(torn.unfinished).toBeGreaterThanOrEqual(2)
    expect(torn.paths.length).toBeGreaterThanOrEqual(4)
    if (kind !== 'PCM as FLAC') expect(torn.frames).toBe(whole.frames)
    const [expected] = decodeFiles(whole.paths)
    const { samples, steps } = apart(joined(decodeFiles(torn.paths)), expected)
    if (kind === 'AAC') return // it has no pre-roll: each file begins with a frame more
    expect(samples).toBe(0)
    // what a decoder of Opus has not heard yet it makes up, inaudibly
    expect(steps).toBeLessThanOrEqual(kind === 'Opus' ? 256 : 1)
  })
})
