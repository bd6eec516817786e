import { isAudioName } from '../rebuild/name-facts.js'
import { createHash } from 'node:crypto'
import { toIsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import { checkFile } from '../../recovery/reading/check-file.js'
import { inspectFile } from '../../recovery/reading/inspect.js'
import type { MendableStorage, StoredFile } from '../../storages/storage.js'
import { isUnfinished } from '../read/ledger-scan.js'
import { readLedgerLines } from '../read/read-lines.js'
import { checkLines } from './check-lines.js'
import { checkRecording } from './check-recording.js'
import { checkRuns } from './check-runs.js'
import { checkSeams } from './check-seams.js'
import { checkSeals } from './check-seals.js'
import { checkTimes } from './check-times.js'
import { Findings, type Finding } from './finding.js'
import { LedgerIndex, type KnownFile, type KnownSeal } from './ledger-index.js'

/** What {@link verify} works with. */
export interface VerifyOptions {
  readonly storage: Pick<MendableStorage, 'read' | 'list' | 'stat' | 'location'>
  /** Storage key of the ledger. */
  readonly ledgerName: string
  readonly formats: readonly Format[]
  /** Which files to look at. Default all, and then what is about no file, too. */
  readonly only?: (name: string) => boolean
  /** Whether a running process may be recording the file whose line begins at this byte of the ledger. */
  readonly mayBeOpen: (startByte: number, file?: StoredFile) => boolean
  /** Whether a recorder is running. */
  readonly isRunning: boolean
  /** Told as the work goes on. */
  readonly onProgress?: (progress: VerifyProgress) => void
}

/** How far a verification is. */
export interface VerifyProgress {
  /** The file being read. */
  readonly name: string
  /** Bytes read, of all files. */
  readonly doneBytes: number
  /** Bytes to read. */
  readonly totalBytes: number
}

/** What verification found out. */
export interface VerifyReport {
  /** Folder that was verified. */
  readonly location: string
  /** Whether there is no fault. */
  readonly isGood: boolean
  /** Faults and notes in the order of their finding, at most 10,000. */
  readonly findings: readonly Finding[]
  /** How many faults there are. */
  readonly faults: number
  /** How many notes there are. */
  readonly notes: number
  /** Recordings that the ledger knows and that should be there. */
  readonly recordings: number
  /** Their length by the word of the ledger, in seconds. */
  readonly seconds: number
  /** Bytes that were read. */
  readonly bytes: number
  /** Connections. */
  readonly runs: number
  /** Gaps that the ledger tells of, and how long they are in all, in seconds. */
  readonly gaps: number
  /** Reconnects without a gap: what came again was recognised. */
  readonly seams: number
  /** Time that gaps tell of. */
  readonly gapSeconds: number
  /** Audio that was received and not recorded because nothing was to be heard. */
  readonly quietSeconds: number
  /** Sealed recordings. */
  readonly sealed: number
}

/**
 * Proves recordings against their ledger: every line, every file byte by byte and frame by frame, every run, gap and seal.
 * Streams; memory grows with the number of recordings only. Never throws at what a ledger or a file holds.
 * @throws {@link StorageError} when the folder cannot be listed or the ledger cannot be read
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  return new Verification(options).run()
}

class Verification {
  readonly #options: VerifyOptions
  readonly #findings: Findings
  readonly #index: LedgerIndex
  readonly #stored = new Map<string, StoredFile>()
  #bySize?: ReadonlyMap<number, readonly Closed[]>
  #doneBytes = 0
  #totalBytes = 0

  constructor(options: VerifyOptions) {
    this.#options = options
    const { only } = options
    this.#findings = new Findings(only && ((name) => name !== undefined && only(name)))
    this.#index = new LedgerIndex(this.#findings)
  }

  async run(): Promise<VerifyReport> {
    const { storage, only = () => true, isRunning } = this.#options
    // first the files, then what the ledger says: what is being opened meanwhile is known by then
    for await (const file of storage.list()) if (only(file.name)) this.#stored.set(file.name, file)
    const hasLedger = await this.#readLedger()
    checkLines(this.#index, this.#findings)
    if (hasLedger) this.#checkForeign()
    const wanted = [...this.#index.names].filter(([name]) => only(name))
    this.#totalBytes = wanted.reduce((sum, [name]) => sum + (this.#stored.get(name)?.sizeBytes ?? 0), 0)
    const seals = this.#sealsByName()
    for (const [name, file] of wanted) await this.#checkFile(name, file, seals.get(name) ?? [])
    checkRuns(this.#index, this.#findings)
    checkSeams(this.#index, this.#findings)
    const gaps = checkTimes(this.#index, this.#findings)
    checkSeals(this.#index, isRunning, this.#findings)
    const seconds = wanted.reduce((sum, [, { recording }]) => sum + (recording?.durationSeconds ?? 0), 0)
    const { list, faults, notes } = this.#findings
    return {
      location: storage.location,
      isGood: faults === 0,
      findings: list,
      faults,
      notes,
      recordings: wanted.length,
      seconds,
      bytes: this.#doneBytes,
      runs: this.#index.runs.size,
      gaps: gaps.gaps,
      seams: this.#index.seams.length,
      gapSeconds: gaps.seconds,
      quietSeconds: gaps.quietSeconds,
      sealed: wanted.filter(([name]) => seals.has(name)).length,
    }
  }

  /** @returns whether there is one */
  async #readLedger(): Promise<boolean> {
    const { storage, ledgerName } = this.#options
    try {
      for await (const line of readLedgerLines(storage.read(ledgerName))) this.#index.take(line)
      return true
    } catch (error) {
      if (toIsrError(error, 'ISR_STORAGE_FAILED').code !== 'ISR_STORAGE_NOT_FOUND') throw error
      const mend = 'isr verify --adopt makes one of the recordings that are there'
      this.#findings.fault('ledger-missing', {}, `${storage.location} has no ledger (${ledgerName}); ${mend}`)
      return false
    }
  }

  #checkForeign(): void {
    for (const [name, { sizeBytes }] of this.#stored) {
      if (this.#index.names.has(name) || !isAudioName(name)) continue
      // the line of a new file follows it by a millisecond, in which a process can be killed
      if (sizeBytes === 0)
        this.#findings.note('file-empty', { name }, `${name} is empty, and the ledger does not know it`)
      else
        this.#findings.fault('file-foreign', { name }, `${name} is not in the ledger; isr verify --adopt takes it in`)
    }
  }

  #sealsByName(): Map<string, KnownSeal[]> {
    const byName = new Map<string, KnownSeal[]>()
    for (const seal of [...this.#index.seals.values()].flat()) {
      // a name may have been used again since
      if (this.#index.names.get(seal.name)?.recording?.run !== seal.run) continue
      byName.set(seal.name, [...(byName.get(seal.name) ?? []), seal])
    }
    return byName
  }

  async #checkFile(name: string, { open, recording }: KnownFile, seals: readonly KnownSeal[]): Promise<void> {
    const { storage, formats, mayBeOpen } = this.#options
    const stored = this.#stored.get(name) ?? (await storage.stat(name).catch(() => undefined))
    const line = recording ?? open
    if (!line) return
    const mayGrow = !recording && open !== undefined && mayBeOpen(open.startByte, stored)
    if (!stored) {
      if (mayGrow) this.#findings.note('file-open', line, `${name} is about to be recorded`)
      else this.#findings.fault('file-missing', line, `${name} is gone`)
      return
    }
    if (!recording || isUnfinished(recording)) {
      if (mayGrow) return this.#findings.note('file-open', line, `${name} is being recorded`)
      this.#findings.fault('file-unfinished', line, `${name} was left open; isr repair finishes it`)
      if (!recording) return
    }
    const format = formats.find((one) => one.name === recording.format)
    if (!format) {
      this.#findings.fault(
        'line-contradicts',
        recording,
        `format is ${JSON.stringify(recording.format)}, which is none`,
      )
      return
    }
    try {
      const { headerBytes, prerollFrames } = recording
      const chunks = this.#progress(name, storage.read(name))
      const file = await checkFile(chunks, { format, headerBytes, prerollFrames, wholeHash: seals.length > 0 })
      const layout = await inspectFile(storage, name, format, file.bytes)
      const holderOf = () => this.#holderOf(name, file.bytes)
      const isFirst = this.#index.isFirst(recording)
      await checkRecording({ recording, file, seals, isFirst, holderOf, ...(layout && { layout }) }, this.#findings)
    } catch (error) {
      const { message } = toIsrError(error, 'ISR_STORAGE_FAILED')
      this.#findings.fault('file-unreadable', recording, message)
    }
  }

  /** The recording whose bytes a file has: one of its length, hashed from where that one's audio begins. */
  async #holderOf(name: string, bytes: number): Promise<string | undefined> {
    this.#bySize ??= bySize(this.#index.names)
    for (const other of this.#bySize.get(bytes) ?? []) {
      if (other.name === name || other.sha256 === '') continue
      const hash = createHash('sha256')
      const range = { startByte: other.headerBytes }
      for await (const chunk of this.#options.storage.read(name, range)) hash.update(chunk)
      if (hash.digest('hex') === other.sha256) return other.name
    }
    return undefined
  }

  async *#progress(name: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const { onProgress } = this.#options
    for await (const chunk of chunks) {
      yield chunk
      this.#doneBytes += chunk.length
      onProgress?.({ name, doneBytes: this.#doneBytes, totalBytes: this.#totalBytes })
    }
  }
}

type Closed = NonNullable<KnownFile['recording']>

function bySize(names: ReadonlyMap<string, KnownFile>): Map<number, Closed[]> {
  const sizes = new Map<number, Closed[]>()
  for (const { recording } of names.values()) {
    if (recording) sizes.set(recording.bytes, [...(sizes.get(recording.bytes) ?? []), recording])
  }
  return sizes
}
