import type { SourceConfig } from '../../config/station-config.js'
import { toIsrError, type IsrError } from '../../errors.js'
import { builtInFormats } from '../../formats/registry.js'
import type { LastAudio, LedgerScan } from '../../ledger/read/ledger-scan.js'
import type { Ledger } from '../../ledger/ledger.js'
import { PromisingLedger } from '../../ledger/seal/promising-ledger.js'
import { Sealer } from '../../ledger/seal/sealer.js'
import type { EpochMs, Recording } from '../../model.js'
import { gentlePace } from '../../recovery/gentle-pace.js'
import type { RepairOutcome } from '../../recovery/outcome.js'
import type { RecorderEvents } from '../../recorder/events.js'
import { FileStorage } from '../../storages/file-storage.js'
import type { GroupCommit } from '../../storages/volume/protocol.js'
import type { Clock } from '../../time/clock.js'
import { pruneAnalyses } from '../analysis/prune.js'
import { FolderLedger, LEDGER_NAME } from '../open-ledger.js'
import type { EarlierAudio } from '../../recorder/stitch/earlier-audio.js'
import type { Recorder } from '../recorder.js'
import { StatusFile } from '../status-file.js'
import { CrashGaps } from './crash-gaps.js'
import { EarlierAudios } from './earlier-audios.js'
import { FolderCare } from './folder-care.js'
import { LedgerFaults } from './ledger-faults.js'
import { FailedFiles } from './outage/failed-files.js'

/** What a {@link RecordingsFolder} tells. */
export interface FolderObserver {
  /** A file that a crash left open is complete. */
  onRecovered(recording: Recording): void
  /** Time that a crash has cost. */
  onGap(gap: Parameters<RecorderEvents['gap']>[0]): void
  /** Something was survived. */
  onWarning(warning: Parameters<RecorderEvents['warning']>[0]): void
}

/** What a {@link RecordingsFolder} is made of. */
export interface RecordingsFolderOptions {
  readonly directory: string
  readonly syncSeconds: number
  readonly groupCommit: GroupCommit
  readonly clock: Clock
  readonly observer: FolderObserver
}

type Closed = Pick<Recording, 'source' | 'run' | 'name' | 'closedBy'>

/** What is not sealed by then is sealed after the next start. */
const SEAL_DEADLINE_MS = 5000

/** What the sources of one folder share: storage, ledger, status file, the seals, and the repair of what an earlier run left open. */
export class RecordingsFolder {
  readonly storage: FileStorage
  readonly ledger: FolderLedger
  readonly #options: RecordingsFolderOptions
  readonly #recorders: Recorder[] = []
  readonly #configs = new Map<string, SourceConfig>()
  readonly #statusFile: StatusFile
  readonly #sealer: Sealer
  readonly #crashGaps: CrashGaps
  readonly #ledgerFaults: LedgerFaults
  readonly #failedFiles: FailedFiles
  readonly #stop = new AbortController()
  readonly #earlier: EarlierAudios
  #care: Promise<void> = Promise.resolve()

  constructor(options: RecordingsFolderOptions) {
    this.#options = options
    const { directory, syncSeconds, groupCommit, clock, observer } = options
    this.storage = new FileStorage({ directory, syncSeconds, groupCommit, clock })
    const status = () => this.#recorders.map((recorder) => recorder.status)
    this.#ledgerFaults = new LedgerFaults({ clock, onWarning: (warning) => observer.onWarning(warning) })
    const onFault = (error: IsrError) => this.#ledgerFaults.add(error, 'the ledger waits')
    this.ledger = new FolderLedger({ directory, clock, onFault })
    this.#statusFile = new StatusFile({ directory, clock, status })
    this.#sealer = new Sealer({
      storage: this.storage,
      ledger: this.ledger,
      clock,
      onFault: (source, error) => this.#warn(source, error, 'a recording could not be sealed'),
    })
    this.#earlier = new EarlierAudios({ directory, clock, signal: this.#stop.signal })
    this.#crashGaps = new CrashGaps({
      ledger: this.ledger,
      timeZoneOf: (source) => this.#configs.get(source)?.timeZone,
      onGap: (gap) => observer.onGap(gap),
    })
    const { signal } = this.#stop
    this.#failedFiles = new FailedFiles({
      ...{ storage: this.storage, ledger: this.ledger, formats: builtInFormats, clock, signal },
      pause: gentlePace(clock, signal),
      readLedger: () => this.storage.read(LEDGER_NAME),
      isWell: () => status().every(({ storage }) => storage === undefined),
      onOutcome: (outcome, scan) => this.#tell(outcome, scan),
    })
  }

  /** The ledger as the recorder of a source writes to it. */
  ledgerFor({ seal }: Pick<SourceConfig, 'seal'>): Ledger {
    return seal ? new PromisingLedger(this.ledger) : this.ledger
  }

  /** How a source that records here has ended before this start, if a server may send the end of it again. Not of what sends no past. */
  earlierOf({ name, type }: SourceConfig): Promise<EarlierAudio | undefined> | undefined {
    return type === 'stream' ? this.#earlier.of(name) : undefined
  }

  /** A source that records here. */
  add(recorder: Recorder, config: SourceConfig): void {
    this.#recorders.push(recorder)
    this.#configs.set(config.name, config)
    const { source } = recorder
    this.#ledgerFaults.follow(source, recorder)
    recorder.on('seam', () => this.#crashGaps.joined(source))
    recorder.on('run:start', ({ at }) => this.#crashGaps.resumed(source, at))
    recorder.on('gap', ({ from }) => this.#crashGaps.resumed(source, from))
    recorder.on('recording:close', (recording) => this.#seal(recording))
    recorder.on('recording:close', ({ name, closedBy }) => closedBy === 'error' && this.#failedFiles.add(name))
  }

  /** Begins; nothing of it delays a recording. */
  start(): void {
    this.#statusFile.start()
    this.#care = this.#attend(this.#options.clock.now()).catch((error: unknown) => {
      this.#earlier.end()
      const what = 'what an earlier run left open could not be looked for'
      this.#ledgerFaults.add(toIsrError(error, 'ISR_LEDGER_FAILED'), what)
    })
  }

  /** Ends when every recorder has: the last seals, then the ledger. */
  async stop(): Promise<void> {
    await this.#statusFile.stop()
    this.#stop.abort()
    await Promise.all([this.#care, this.#failedFiles.settled()])
    await this.#sealer.finish(SEAL_DEADLINE_MS)
    await this.ledger.close()
    this.#ledgerFaults.close()
  }

  /** Reads the ledger of earlier runs, goes on with their chains of seals, and finishes what they left open. */
  async #attend(cameAt: EpochMs): Promise<void> {
    const { clock } = this.#options
    const pause = gentlePace(clock, this.#stop.signal)
    const options = { storage: this.storage, ledger: this.ledger, clock, signal: this.#stop.signal, pause }
    const care = new FolderCare({ ...options, cameAt, bytesBefore: await this.#openLedger() })
    const scan = await care.read()
    await this.#earlier.read(scan, (startByte) => care.openerOf(startByte))
    this.#sealer.begin(scan.chains)
    for (const { unsealed } of scan.chains.values()) for (const line of unsealed.values()) this.#seal(line, scan)
    const latest = new Map(scan.lastAudio)
    const inUse = new Set<string>()
    for await (const outcome of care.repair(scan)) {
      this.#tell(outcome, scan)
      if (outcome.inUse) inUse.add(outcome.source)
      const end = outcome.recording && endOf(outcome.recording)
      if (end && end.endsAt >= (latest.get(outcome.source)?.endsAt ?? -Infinity)) latest.set(outcome.source, end)
    }
    if (this.#stop.signal.aborted) return
    for (const source of this.#configs.keys()) {
      const last = latest.get(source)
      // what another recorder goes on with was not interrupted
      const goesOn = last && (inUse.has(source) || care.openerOf(last.startByte) === 'alive')
      if (last && !goesOn) this.#crashGaps.ended(source, last)
    }
    // a folder that is not there yet has nothing to prune
    await pruneAnalyses({ directory: this.#options.directory, clock, signal: this.#stop.signal }).catch(() => {})
  }

  /** A folder without a ledger gets one with its first recording. */
  async #openLedger(): Promise<number> {
    try {
      await this.storage.stat(LEDGER_NAME)
    } catch (error) {
      if (toIsrError(error, 'ISR_LEDGER_FAILED').code === 'ISR_STORAGE_NOT_FOUND') return 0
      throw error
    }
    return this.ledger.open()
  }

  #tell(outcome: RepairOutcome, scan: LedgerScan): void {
    const { name, source, action, recording, reason, error } = outcome
    const { observer } = this.#options
    if (error?.code === 'ISR_STOPPED') return
    if (error) this.#warn(source, error, `${name} was left open and could not be repaired`)
    if (action === 'left')
      observer.onWarning({
        source,
        code: 'not-repaired',
        message: `${name} was left open and stays as it is: ${reason}`,
      })
    if (!recording || action === 'left') return
    observer.onRecovered(recording)
    this.#seal(recording, scan)
  }

  /** @param earlier - what an earlier run has promised is kept, whatever is configured now */
  #seal({ source, run, name, closedBy }: Closed, earlier?: LedgerScan): void {
    const config = this.#configs.get(source)
    // what a failing volume left is no whole file yet: it is sealed when it is repaired
    if (earlier ? !(config?.seal || earlier.isSealPromised(name)) : !config?.seal || closedBy === 'error') return
    this.#sealer.add({ source, run, name, ...(config?.timeZone !== undefined && { timeZone: config.timeZone }) })
  }

  #warn(source: string, error: IsrError, what: string): void {
    this.#options.observer.onWarning({ source, code: error.code, message: `${what}: ${error.message}` })
  }
}

/** Where a repaired file ends. It has no place in the ledger of earlier runs, so nobody who still runs has written it. */
function endOf({ startedAt, durationSeconds, run }: Recording): LastAudio {
  return { endsAt: startedAt + durationSeconds * 1000, run, ended: false, startByte: -1 }
}
