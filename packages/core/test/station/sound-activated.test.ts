import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { RecorderOptions } from '../../src/recorder/options.js'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { exportRecordings } from '../../src/station/files/export.js'
import { repairFolder } from '../../src/station/folder/repair-folder.js'
import { verifyFolder } from '../../src/station/folder/verify-folder.js'
import { Recorder } from '../../src/station/recorder.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection } from '../../src/testing/scripted-source.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-sound-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const START = Date.UTC(2026, 10, 22, 12)
const RATE_HZ = 8000
const PCM = { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's16' } as const

/** A chunk a second: `#` is a second of sound, `.` one of faint noise. */
function pcm(text: string): Uint8Array[] {
  return [...text].map((letter, second) => {
    const loud = letter === '#' ? 9000 : 0
    const samples = Int16Array.from({ length: RATE_HZ }, (_, index) => {
      return loud * Math.sin(index * 0.3) + (((second * RATE_HZ + index) * 2654435761) % 7)
    })
    return new Uint8Array(samples.buffer)
  })
}

async function record(name: string, connection: ScriptedConnection, options: Partial<RecorderOptions> = {}) {
  const clock = new FakeClock(START)
  const directory = join(folder, name)
  const recorder = new Recorder({
    source: new ScriptedSource('mic', [connection]),
    storage: directory,
    clock,
    timeZone: 'UTC',
    splitter: new AfterDuration({ seconds: 4 }),
    trigger: { db: -20, preRecordSeconds: 1.5, holdSeconds: 2.25 },
    ...options,
  })
  const warnings: string[] = []
  recorder.on('warning', ({ message }) => void warnings.push(message))
  recorder.start()
  await clock.advance(30_000)
  await recorder.stop()
  return { directory, warnings }
}

describe('a folder of sound-activated recordings', () => {
  const script = '.....##........#...........'

  it.each(['wav', 'flac'] as const)('is proven, repaired and exported as any other: %s', async (pcmFormat) => {
    const parts = pcm(script)
    const steps = parts.map((bytes) => ({ afterMs: 1000, bytes }))
    const { directory } = await record(pcmFormat, { pcm: PCM, steps }, { pcmFormat })
    const report = await verifyFolder({ directory })
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ recordings: 4, gaps: 0, quietSeconds: 16.5, seconds: 10.5 })
    expect(await repairFolder({ directory })).toEqual([])

    const output = join(folder, `${pcmFormat}.wav`)
    const span = { directory, source: 'mic', from: START, to: START + 27_000, output, as: 'wav' } as const
    const made = await exportRecordings({ ...span, fillGaps: 'silence' })
    expect(made.gaps.map(({ seconds, quietSeconds }) => [seconds, quietSeconds])).toEqual([
      [3.5, 3.5],
      [4.25, 4.25],
      [8.75, 8.75],
    ])
    // 3.5 to 9.25 s, silence, 13.5 to 18.25 s
    const file = readFileSync(output)
    const samples = new Int16Array(Uint8Array.from(file.subarray(file.indexOf('data', 0, 'latin1') + 8)).buffer)
    const input = new Int16Array(Uint8Array.from(Buffer.concat(parts)).buffer)
    const at = (seconds: number) => seconds * RATE_HZ
    const wanted = [
      ...input.subarray(at(3.5), at(9.25)),
      ...new Int16Array(at(4.25)),
      ...input.subarray(at(13.5), at(18.25)),
    ]
    expect(samples.length).toBe(wanted.length)
    expect(samples.findIndex((sample, index) => sample !== wanted[index])).toBe(-1)
  })
})

describe('sound-activated recording of streams', () => {
  it('goes by levels that are decoded beside it', async () => {
    const raw = join(folder, 'input.raw')
    writeFileSync(raw, Buffer.concat(pcm('.....##........#...........')))
    const encoded = execFileSync('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-f', 's16le', '-ar', String(RATE_HZ), '-i', raw, '-ar', '44100', '-ac', '1'],
      ...['-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3', '-'],
    ])
    const chunk = 8000
    const steps = Array.from({ length: Math.ceil(encoded.length / chunk) }, (_, index) => ({
      afterMs: 1000,
      bytes: Uint8Array.from(encoded.subarray(index * chunk, (index + 1) * chunk)),
    }))
    const { directory, warnings } = await record('mp3', { steps })
    expect(warnings).toEqual([])
    const report = await verifyFolder({ directory })
    expect(report.findings).toEqual([])
    expect(report.recordings).toBeGreaterThanOrEqual(4)
    // whole frames, and levels that a codec smears
    expect(Math.abs(report.seconds - 10.5)).toBeLessThan(0.5)
    expect(Math.abs(report.quietSeconds - 16.5)).toBeLessThan(0.6)
  })
})
