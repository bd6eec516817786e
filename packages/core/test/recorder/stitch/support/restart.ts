import { appendFileSync, mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Format } from '../../../../src/formats/format.js'
import { builtInFormats } from '../../../../src/formats/registry.js'
import type { LedgerEntry, RecordingLine } from '../../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../../src/ledger/ledger.js'
import { LedgerScan } from '../../../../src/ledger/read/ledger-scan.js'
import { readLedgerLines } from '../../../../src/ledger/read/read-lines.js'
import type { RecorderOptions } from '../../../../src/recorder/options.js'
import type { EarlierAudio } from '../../../../src/recorder/stitch/earlier-audio.js'
import { recover } from '../../../../src/recovery/recover.js'
import type { Source } from '../../../../src/sources/source.js'
import { Never } from '../../../../src/splitters/never.js'
import { EarlierAudios } from '../../../../src/station/folder/earlier-audios.js'
import { verifyFolder } from '../../../../src/station/folder/verify-folder.js'
import { Recorder } from '../../../../src/station/recorder.js'
import { FileStorage } from '../../../../src/storages/file-storage.js'
import { MemoryStorage } from '../../../../src/storages/memory-storage.js'
import { sleep } from '../../../../src/time/clock.js'
import { FakeClock } from '../../../../src/testing/fake-clock.js'
import { newFolder, START } from './record-station.js'

/** One process that records. */
export interface Life {
  readonly source: Source
  readonly format: Format
  /** When it begins, in milliseconds of the test. */
  readonly fromMs: number
  /** How long it lives. */
  readonly forMs: number
  /** Whether it is killed rather than stopped. */
  readonly killed?: boolean
  /** Bytes at the end of the file it had open that did not get to the disk. */
  readonly tornBytes?: number
  /** What it knows of those before. */
  readonly earlier?: EarlierAudio | undefined
  /** How long it takes to find that out. Default 0. */
  readonly knownAfterMs?: number
  readonly options?: Partial<RecorderOptions>
}

/** A folder in which processes record, one after another; each has a clock and a memory of its own. */
export class RestartedFolder {
  readonly directory = newFolder()
  readonly #ledgerPath = join(this.directory, '.isr', 'ledger.jsonl')
  #lives = 0

  constructor() {
    mkdirSync(join(this.directory, '.isr'))
    writeFileSync(this.#ledgerPath, '')
  }

  /** Everything that stands in the ledger. */
  get entries(): LedgerEntry[] {
    const lines = readFileSync(this.#ledgerPath, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LedgerEntry)
  }

  get lines(): RecordingLine[] {
    const lines = this.entries.filter((entry): entry is RecordingLine => entry.type === 'recording')
    return lines.sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
  }

  pathOf(name: string): string {
    return join(this.directory, name)
  }

  async scan(): Promise<LedgerScan> {
    const scan = new LedgerScan()
    const storage = new FileStorage({ directory: this.directory })
    for await (const line of readLedgerLines(storage.read('.isr/ledger.jsonl'))) scan.take(line)
    return scan
  }

  /** What a process finds out that begins at this time of the test. */
  async earlier(atMs: number, source = 'radio'): Promise<EarlierAudio | undefined> {
    const clock = new FakeClock(START + atMs)
    const audios = new EarlierAudios({ directory: this.directory, clock, signal: new AbortController().signal })
    const audio = audios.of(source)
    await audios.read(await this.scan(), () => 'nobody')
    return audio
  }

  /** Finishes what was left open. */
  async repair(): Promise<void> {
    const ledger = new MemoryLedger()
    const storage = new FileStorage({ directory: this.directory })
    const { unfinished } = await this.scan()
    const clock = new FakeClock(START)
    const options = { storage, ledger, clock, formats: builtInFormats, openerOf: () => 'nobody' as const }
    for await (const { action } of recover({ ...options, unfinished }))
      if (action === 'failed') throw new Error('not repaired')
    this.#append(ledger.entries)
  }

  /** A process records, and leaves what it leaves. @returns what it told */
  async live({ source, format, fromMs, forMs, killed = false, tornBytes = 0, options = {}, ...life }: Life) {
    const clock = new FakeClock(START + fromMs)
    const known = sleep(clock, life.knownAfterMs ?? 0).then(() => life.earlier)
    const storage = new MemoryStorage(clock)
    const ledger = new MemoryLedger()
    const gaps: { readonly from: number; readonly seconds: number }[] = []
    const recorder = new Recorder({
      ...{ source, storage, ledger, clock },
      timeZone: 'UTC',
      filenamePattern: `${this.#lives++}-%H%M%S`,
      formats: [format],
      splitter: new Never(),
      retry: { maxAttempts: 0, delayMs: 100, maxDelayMs: 100 },
      earlier: known,
      ...options,
    })
    recorder.on('gap', (gap) => void gaps.push(gap))
    recorder.start()
    await clock.advance(forMs)
    if (!killed) await recorder.stop()
    const entries = [...ledger.entries]
    const open = new Set(entries.flatMap((entry) => (entry.type === 'open' ? [entry.name] : [])))
    for (const entry of entries) if (entry.type === 'recording') open.delete(entry.name)
    for await (const { name } of storage.list()) {
      const bytes = storage.bytes(name)
      writeFileSync(this.pathOf(name), bytes)
      if (open.has(name)) truncateSync(this.pathOf(name), Math.max(0, bytes.length - tornBytes))
      utimesSync(this.pathOf(name), clock.now() / 1000, clock.now() / 1000)
    }
    this.#append(entries)
    const { status } = recorder
    if (killed) await recorder.stop()
    return { gaps, status, seams: entries.filter((entry) => entry.type === 'seam'), entries }
  }

  /** What verification has to say, but for runs that nobody ended. */
  async findings(): Promise<{ readonly seams: number; readonly found: string[] }> {
    const { findings, seams } = await verifyFolder({ directory: this.directory })
    return { seams, found: findings.filter(({ code }) => code !== 'run-open').map(({ message }) => message) }
  }

  #append(entries: readonly LedgerEntry[]): void {
    appendFileSync(this.#ledgerPath, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  }
}
