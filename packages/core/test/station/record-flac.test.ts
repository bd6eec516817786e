import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, describe } from 'vitest'
import { checkFiles } from '../../../../tests/e2e/rig/checkers.js'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { tempDir } from '../../../../tests/e2e/rig/temp-dir.js'
import { StorageError } from '../../src/errors.js'
import type { LedgerEntry } from '../../src/ledger/entry.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { LiveFlacPatcher } from '../../src/live/patchers/live-flac-patcher.js'
import type { PcmLayout, SampleFormat } from '../../src/model.js'
import { SignalSource } from '../../src/sources/signal.js'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { Never } from '../../src/splitters/never.js'
import { repairFolder } from '../../src/station/folder/repair-folder.js'
import { verifyFolder } from '../../src/station/folder/verify-folder.js'
import { LEDGER_NAME } from '../../src/station/open-ledger.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import type { RecordingWriter } from '../../src/storages/storage.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { decodeFlac, encodeFlac, framesOf } from '../formats/flac/support/encode.js'
import { makePcm } from '../formats/support/pcm.js'
import { drive } from '../live/support/growing.js'
import { expectAllClosed, expectLedgerLaw } from '../support/ledger-law.js'
import { signalSource, stationOf } from '../support/signal-station.js'

const TOOLS = ['flac', 'metaflac', 'ffmpeg']
const root = tempDir('isr-record-flac-')

function folderOf(name: string): string {
  const folder = join(root, name)
  mkdirSync(folder)
  return folder
}

function entriesOf(folder: string): LedgerEntry[] {
  const lines = readFileSync(join(folder, LEDGER_NAME), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as LedgerEntry)
}

const recordingsOf = (folder: string) => entriesOf(folder).filter((entry) => entry.type === 'recording')
const pathsOf = (folder: string) => recordingsOf(folder).map(({ name }) => join(folder, name))
const decodeAll = (paths: readonly string[]) => Buffer.concat(paths.map((path) => decodeFlac(readFileSync(path))))

/** Unpaced PCM in chunks of 100 ms. */
function pcmSource(pcm: Uint8Array, layout: PcmLayout, blockAlign: number): ScriptedSource {
  const size = Math.round(layout.sampleRateHz / 10) * blockAlign
  const steps: ScriptedStep[] = []
  for (let at = 0; at < pcm.length; at += size) steps.push({ bytes: pcm.subarray(at, at + size) })
  return new ScriptedSource('card', [{ pcm: layout, pace: 'unpaced', steps, end: 'clean' }], { finite: true })
}

/** The counter that a ramp is: interleaved samples, each one more than the one before. */
function ramp(samples: number, channels: number): Buffer {
  return Buffer.from(Int16Array.from({ length: samples * channels }, (_, index) => index).buffer)
}

describeWithTools(TOOLS, 'PCM recorded as FLAC', () => {
  it('is the same samples over any number of files, and the ledger accounts for every byte', async () => {
    const folder = folderOf('ramp')
    const seconds = 12
    const source = new SignalSource({ waveform: 'ramp', pace: 'unpaced', durationSeconds: seconds })
    const splitter = new AfterDuration({ seconds: 1.0307 })
    await using recorder = new Recorder({ source, storage: folder, splitter, pcmFormat: 'flac', filenamePattern: 'r' })
    recorder.start()
    expect(await recorder.finished).toMatchObject({ state: 'stopped' })
    const entries = entriesOf(folder)
    expect(expectLedgerLaw(entries)).toBe(1)
    expectAllClosed(entries)
    const lines = recordingsOf(folder)
    expect(lines).toHaveLength(12)
    for (const line of lines) {
      expect(line).toMatchObject({ format: 'flac', codec: 'flac', sampleRate: 44_100, channels: 2 })
      expect(line.name).toMatch(/\.flac$/)
      expect(line.receivedBytes).toBe(line.samples * 4)
      expect(line.frames).toBe(Math.ceil(line.samples / 4096))
    }
    expect(Buffer.compare(decodeAll(pathsOf(folder)), ramp(seconds * 44_100, 2))).toBe(0)
    expect(await checkFiles(pathsOf(folder))).toEqual([])
    expect(await verifyFolder({ directory: folder })).toMatchObject({ isGood: true, findings: [] })
  })

  it.each([
    ['24 bits of 6 channels', { sampleRateHz: 48_000, channels: 6, sampleFormat: 's24' }, 18],
    ['16 bits, mono, 8 kHz', { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' }, 2],
  ] as const)('keeps %s', async (name, layout, blockAlign) => {
    const folder = folderOf(name.replaceAll(' ', '-'))
    const pcm = makePcm('music', 2 * layout.sampleRateHz, layout.channels, Number(layout.sampleFormat.slice(1)))
    const source = pcmSource(pcm, layout, blockAlign)
    const settings = { splitter: new AfterDuration({ seconds: 0.77 }), pcmFormat: 'flac', flacLevel: 3 } as const
    await using recorder = new Recorder({ source, storage: folder, filenamePattern: 'r', ...settings })
    recorder.start()
    await recorder.finished
    expect(pathsOf(folder)).toHaveLength(3)
    expect(Buffer.compare(decodeAll(pathsOf(folder)), pcm)).toBe(0)
    expect(await verifyFolder({ directory: folder })).toMatchObject({ isGood: true, findings: [] })
  })

  it('is repaired after kill -9 at any byte: all whole blocks, silent checkers, a ledger that holds', async () => {
    const whole = folderOf('whole')
    const source = new SignalSource({ waveform: 'ramp', pace: 'unpaced', durationSeconds: 3 })
    await using recorder = new Recorder({ source, storage: whole, pcmFormat: 'flac', filenamePattern: 'r' })
    recorder.start()
    await recorder.finished
    const [open] = entriesOf(whole).filter((entry) => entry.type === 'open')
    const file = readFileSync(join(whole, open.name))
    // what it was while it grew: nothing known in the head
    file.fill(0, 12, 18).fill(0, 22, 42)
    file[21] &= 0xf0
    const frames = framesOf(file)
    const ends = frames.map((_, index) => open.headerBytes! + Buffer.concat(frames.slice(0, index + 1)).length)
    for (const [round, size] of [ends[0], ends[3] + 1, ends[9] - 1, ends[20] + 2000, file.length].entries()) {
      const folder = folderOf(`torn-${round}`)
      mkdirSync(join(folder, '.isr'))
      writeFileSync(join(folder, LEDGER_NAME), `${JSON.stringify(open)}\n`)
      writeFileSync(join(folder, open.name), file.subarray(0, size))
      const blocks = ends.filter((end) => end <= size).length
      // nobody vouches for who wrote it: it has to have rested
      execFileSync('touch', ['-d', '2 minutes ago', join(folder, open.name), join(folder, LEDGER_NAME)])
      expect(await repairFolder({ directory: folder })).toMatchObject([{ action: 'repaired' }])
      const samples = Math.min(blocks * 4096, 3 * 44_100)
      expect(recordingsOf(folder)).toMatchObject([{ closedBy: 'recovered', samples, frames: blocks }])
      expect(Buffer.compare(decodeAll(pathsOf(folder)), ramp(samples, 2))).toBe(0)
      expect(await checkFiles(pathsOf(folder))).toEqual([])
      const report = await verifyFolder({ directory: folder })
      expect(report.isGood, JSON.stringify(report.findings)).toBe(true)
    }
  })

  it('makes FLAC of WAV that a program writes, and keeps FLAC that it writes as it is', async () => {
    const folder = folderOf('command')
    const pcm = makePcm('music', 30_000, 2, 16)
    const flac = join(root, 'in.flac')
    const wav = join(root, 'in.wav')
    writeFileSync(flac, encodeFlac(pcm, { channels: 2, bits: 16 }, '-b', '1152'))
    execFileSync('flac', ['-s', '-d', '-o', wav, flac])
    const command = (name: string, path: string) =>
      signalSource(name, folder, {
        type: 'command',
        command: ['cat', path],
        format: 'flac',
        flacLevel: 8,
        filenamePattern: name,
        splitMinutes: 525_600,
      })
    await using station = stationOf(command('from-wav', wav), command('from-flac', flac))
    station.start()
    await station.finished
    for (const name of ['from-wav', 'from-flac']) {
      expect(Buffer.compare(decodeFlac(readFileSync(join(folder, `${name}.flac`))), pcm), name).toBe(0)
    }
    const kept = framesOf(readFileSync(join(folder, 'from-flac.flac')))
    expect(Buffer.concat(kept).equals(Buffer.concat(framesOf(readFileSync(flac))))).toBe(true)
    expect(framesOf(readFileSync(join(folder, 'from-wav.flac')))).toHaveLength(Math.ceil(30_000 / 4096))
    expect(readdirSync(folder).filter((name) => name.endsWith('.wav'))).toEqual([])
  })

  it('can be listened to while it grows', async () => {
    const folder = folderOf('growing')
    const source = new SignalSource({ waveform: 'ramp', pace: 'unpaced' })
    await using recorder = new Recorder({
      source,
      storage: folder,
      splitter: new Never(),
      pcmFormat: 'flac',
      filenamePattern: 'r',
    })
    recorder.start()
    const path = join(folder, 'r.flac')
    const copy = join(folder, 'copy.flac')
    await expect.poll(() => recorder.status.recordedSeconds).toBeGreaterThan(5)
    await expect.poll(() => readFileSync(path).length).toBeGreaterThan(100_000)
    copyFileSync(path, copy)
    const grown = readFileSync(copy)
    const { view } = drive(new LiveFlacPatcher(), grown, grown.length)
    const { samples = 0 } = view
    expect(samples % 4096).toBe(0)
    expect(samples).toBeGreaterThan(0)
    const served = Buffer.concat([view.head, grown.subarray(view.head.length, view.endByte)])
    writeFileSync(copy, served)
    const shown = execFileSync('metaflac', ['--show-total-samples', copy], { encoding: 'utf8' })
    expect(Number(shown)).toBe(samples)
    const raw = ['-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', copy]
    const decoded = execFileSync('flac', raw, { stdio: 'pipe', maxBuffer: 1 << 28 })
    expect(Buffer.compare(decoded, ramp(samples, 2))).toBe(0)
  })
})

describe('a volume that fills up while PCM becomes FLAC', () => {
  it('has the blocks that it took, and the ledger says no more than that', async () => {
    let room = 300_000
    const fault = new StorageError('ISR_STORAGE_FULL', 'full')
    const storage = Object.assign(new MemoryStorage(), {
      create: (name: string): Promise<RecordingWriter> => {
        const { promise: failed, reject } = rejectable()
        let unsyncedBytes = 0
        return Promise.resolve({
          name,
          append: (bytes) => {
            if (unsyncedBytes === 0 && bytes.length <= room) room -= bytes.length
            else {
              unsyncedBytes += bytes.length
              reject(fault)
            }
          },
          get unsyncedBytes() {
            return unsyncedBytes
          },
          failed,
          commit: () => (unsyncedBytes > 0 ? Promise.reject(fault) : Promise.resolve()),
        })
      },
    })
    const ledger = new MemoryLedger()
    const pcm = makePcm('noise', 200_000, 1, 16)
    const source = pcmSource(pcm, { sampleRateHz: 44_100, channels: 1, sampleFormat: 's16' }, 2)
    await using recorder = new Recorder({ source, storage, ledger, pcmFormat: 'flac' })
    recorder.start()
    await expect.poll(() => ledger.entries.some(({ type }) => type === 'recording')).toBe(true)
    await expect.poll(() => recorder.status.receivedBytes).toBe(pcm.length)
    await recorder.stop({ deadlineMs: 300 })
    expect(await recorder.finished).toMatchObject({ state: 'failed', error: { code: 'ISR_STORAGE_FULL' } })
    expect(expectLedgerLaw(ledger.entries)).toBeGreaterThan(0)
    const [line] = ledger.entries.filter((entry) => entry.type === 'recording')
    expect(line).toMatchObject({ closedBy: 'error' })
    expect(line.frames).toBeGreaterThan(20)
    expect(line.samples).toBe(line.frames * 4096)
    expect(line.receivedBytes).toBe(line.samples * 2)
  })
})

function rejectable() {
  let reject!: (error: Error) => void
  const promise = new Promise<never>((_, fail) => (reject = fail))
  promise.catch(() => {})
  return { promise, reject }
}

describe('PCM that FLAC cannot hold', () => {
  it.each(['f32', 's32'] as SampleFormat[])('%s ends the recorder at once, with what helps', async (sampleFormat) => {
    const folder = folderOf(sampleFormat)
    const source = pcmSource(new Uint8Array(80_000), { sampleRateHz: 8000, channels: 1, sampleFormat }, 4)
    const settings = { pcmFormat: 'flac', retry: { maxAttempts: 5 } } as const
    await using recorder = new Recorder({ source, storage: folder, ...settings })
    recorder.start()
    const result = await recorder.finished
    expect(result).toMatchObject({ state: 'failed', error: { code: 'ISR_CONFIG_INVALID' } })
    expect(result.error?.message).toMatch(/record it with format = wav/)
    expect(source.connects).toBe(1)
    expect(expectLedgerLaw(entriesOf(folder))).toBe(1)
    expect(readdirSync(folder).filter((name) => name.endsWith('.flac'))).toEqual([])
  })

  it('is refused with a level that there is none of', () => {
    const source = new SignalSource()
    expect(() => new Recorder({ source, storage: root, pcmFormat: 'flac', flacLevel: 12 })).toThrow(/flacLevel: 12/)
  })
})
