import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import type { LedgerEntry } from '../../src/ledger/entry.js'
import { AtClock } from '../../src/splitters/at-clock.js'
import { openLedger } from '../../src/station/open-ledger.js'
import { Recorder } from '../../src/station/recorder.js'
import { FileStorage } from '../../src/storages/file-storage.js'
import { FakeClock, settle } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { expectAllClosed, expectLedgerLaw } from '../support/ledger-law.js'

const SOURCES = 20
const MINUTES = 10
/** Length of what a station plays round and round. */
const LOOP_SECONDS = 40
const MB = 1024 * 1024

/** A programme of each kind. In Ogg each round is a new link of a chain; the WAV is one that never ends. */
const kinds = [
  '-ar 44100 -ac 2 -c:a libmp3lame -b:a 64k -reservoir 0 -write_xing 0 -id3v2_version 0 -f mp3',
  '-ar 44100 -ac 2 -c:a libvorbis -q:a 0 -f ogg',
  '-ar 48000 -ac 2 -c:a libopus -b:a 64k -f ogg',
  '-ar 8000 -ac 1 -c:a pcm_s16le -f wav',
]

function programmes(): Uint8Array[] {
  return kinds.map((args) => {
    const seconds = args.endsWith('wav') ? MINUTES * 60 : LOOP_SECONDS
    const sound = `-nostdin -v error -f lavfi -i anoisesrc=a=0.2:d=${seconds}:r=44100:seed=5`
    return execFileSync('ffmpeg', [...sound.split(' '), ...args.split(' '), '-'], { maxBuffer: 1 << 28 })
  })
}

/** A second at a time, each in memory of its own as from a socket, with a title every half minute. */
function* broadcast(programme: Uint8Array, loopSeconds: number): Generator<ScriptedStep> {
  for (let second = 0; ; second++) {
    const at = (index: number) => Math.floor(((second % loopSeconds) + index) * (programme.length / loopSeconds))
    const bytes = Uint8Array.from(programme.subarray(at(0), at(1)))
    yield { afterMs: 1000, bytes, ...(second % 30 === 7 && { metadata: { title: `Title ${second}` } }) }
  }
}

/** What is in use once all that nobody holds is gone: the heap, and the buffers outside of it. */
async function usedBytes(storage: FileStorage): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // the disk is real, the clock is not: what was asked of the volume before this file is done when this file is
  for (let round = 0; round < 4; round++) {
    await (await storage.create('.probe')).commit([])
    await storage.remove('.probe')
    await settle()
  }
  for (let round = 0; round < 4; round++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function openFilesIn(directory: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(directory) ? [path] : []
    } catch {
      return []
    }
  })
}

describeWithTools(['ffmpeg'], 'twenty sources for ten minutes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'isr-memory-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  it('need no more memory at the end than after two minutes, and leave nothing behind', async () => {
    const clock = new FakeClock()
    const storage = new FileStorage({ directory, clock, syncSeconds: 5 })
    const ledger = openLedger({ directory, clock })
    const audio = programmes()
    const recorders = Array.from({ length: SOURCES }, (_, index) => {
      const kind = index % kinds.length
      const loopSeconds = kinds[kind].endsWith('wav') ? MINUTES * 60 : LOOP_SECONDS
      return new Recorder({
        source: new ScriptedSource(`source ${index}`, [{ steps: broadcast(audio[kind], loopSeconds) }]),
        storage,
        ledger,
        clock,
        timeZone: 'UTC',
        splitter: new AtClock({ everyMinutes: 0.1, timeZone: 'UTC' }),
        filenamePrefix: `s${index}`,
      })
    })
    for (const recorder of recorders) recorder.start()
    const used: number[] = []
    for (let minute = 1; minute <= MINUTES; minute++) {
      await clock.advance(60_000)
      used.push(await usedBytes(storage))
    }
    // of three minutes each: when the collector comes is chance
    const growth = mean(used.slice(-3)) - mean(used.slice(1, 4))
    expect(growth, used.map((bytes) => (bytes / MB).toFixed(1)).join(' ')).toBeLessThan(1.5 * MB)
    expect(recorders.flatMap(({ status }) => (status.lastError ? [status.lastError.message] : []))).toEqual([])
    expect(Math.min(...recorders.map(({ status }) => status.recordedSeconds))).toBeGreaterThan(MINUTES * 60 - 5)

    await Promise.all(recorders.map((recorder) => recorder.stop()))
    await ledger.close()
    expect(clock.pendingTimers).toBe(0)
    expect(openFilesIn(directory)).toEqual([])
    const lines = readFileSync(join(directory, '.isr/ledger.jsonl'), 'utf8').trimEnd().split('\n')
    const entries = lines.map((line) => JSON.parse(line) as LedgerEntry)
    expect(expectLedgerLaw(entries)).toBe(SOURCES)
    expectAllClosed(entries)
    expect(entries.filter(({ type }) => type === 'recording').length).toBeGreaterThan(SOURCES * MINUTES * 10)
  }, 120_000)
})
