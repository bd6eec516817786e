import { builtInFormats } from '../../../src/formats/registry.js'
import type { SplitJoin } from '../../../src/formats/format.js'
import type { LedgerEntry } from '../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { PromisingLedger } from '../../../src/ledger/seal/promising-ledger.js'
import { Sealer } from '../../../src/ledger/seal/sealer.js'
import type { Finding } from '../../../src/ledger/verify/finding.js'
import { verify, type VerifyOptions, type VerifyReport } from '../../../src/ledger/verify/verify.js'
import { Recorder } from '../../../src/station/recorder.js'
import type { Source } from '../../../src/sources/source.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection } from '../../../src/testing/scripted-source.js'

const LEDGER = '.isr/ledger.jsonl'

/** A folder of recordings in memory that a test may spoil. */
export interface Archive {
  readonly storage: MemoryStorage
  /** Lines of the ledger. */
  readonly lines: string[]
}

/** Records what `script` sends, a file each `seconds`, and seals the files. */
export async function record(
  script: readonly ScriptedConnection[],
  options: {
    readonly seconds?: number
    readonly name?: string
    readonly seal?: boolean
    /** How files of one run join. Default as the recorder's. */
    readonly splitJoin?: SplitJoin
  } = {},
): Promise<Archive> {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 16))
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const { seconds = 0.5, name = 'studio', seal = true } = options
  const source: Source = new ScriptedSource(name, script, { finite: true })
  const splitter = new AfterDuration({ seconds })
  const sealer = new Sealer({ storage, ledger, clock })
  const recorder = new Recorder({
    source,
    storage,
    ledger: seal ? new PromisingLedger(ledger) : ledger,
    clock,
    splitter,
    splitJoin: options.splitJoin,
    timeZone: 'UTC',
    filenamePattern: '%H%M%S.%f',
  })
  recorder.on('recording:close', (recording) => seal && sealer.add({ ...recording, timeZone: 'UTC' }))
  sealer.begin(new Map())
  recorder.start()
  let ended = false
  void recorder.finished.then(() => {
    ended = true
  })
  while (!ended) await clock.advance(100)
  await sealer.finish(1000)
  return { storage, lines: ledger.entries.map((entry) => JSON.stringify(entry)) }
}

/** The entries of an archive, parsed. */
export function entriesOf({ lines }: Archive): LedgerEntry[] {
  return lines.map((line) => JSON.parse(line) as LedgerEntry)
}

/** A copy that can be spoilt. */
export async function copyOf({ storage, lines }: Archive): Promise<Archive> {
  const copy = new MemoryStorage(new FakeClock(Date.UTC(2026, 10, 22, 16)))
  for await (const { name } of storage.list()) await put(copy, name, storage.bytes(name))
  return { storage: copy, lines: [...lines] }
}

/** Puts a file in, whatever was there. */
export async function put(storage: MemoryStorage, name: string, bytes: Uint8Array): Promise<void> {
  await storage.remove(name).catch(() => {})
  const writer = await storage.create(name)
  writer.append(Uint8Array.from(bytes))
  await writer.commit([])
}

/** Verifies an archive as it stands. */
export async function check(archive: Archive, options: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const text = archive.lines.map((line) => `${line}\n`).join('')
  await put(archive.storage, LEDGER, new TextEncoder().encode(text))
  const report = await verify({
    storage: archive.storage,
    ledgerName: LEDGER,
    formats: builtInFormats,
    mayBeOpen: () => false,
    isRunning: false,
    ...options,
  })
  await archive.storage.remove(LEDGER)
  return report
}

/** Faults as `code message`. */
export function faultsOf({ findings }: VerifyReport): string[] {
  return findings.filter(({ severity }) => severity === 'fault').map(words)
}

/** Notes as `code message`. */
export function notesOf({ findings }: VerifyReport): string[] {
  return findings.filter(({ severity }) => severity === 'note').map(words)
}

function words({ code, message }: Finding): string {
  return `${code} ${message}`
}
