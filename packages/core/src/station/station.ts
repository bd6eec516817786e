import type { SourceConfig, StationConfig } from '../config/station-config.js'
import type { IsrError } from '../errors.js'
import { Announcer, type GuardedEmitter, type Listenable } from '../events.js'
import type { Ledger } from '../ledger/ledger.js'
import type { EpochMs } from '../model.js'
import { RECORDER_EVENTS, type RecorderEvents, type RecorderStatus } from '../recorder/events.js'
import type { RecorderResult } from '../recorder/source-recorder.js'
import { FileStorage } from '../storages/file-storage.js'
import type { Storage } from '../storages/storage.js'
import { systemClock, type Clock } from '../time/clock.js'
import { createRecorder } from './create-recorder.js'
import { namePrefixes } from './name-prefixes.js'
import { openLedger } from './open-ledger.js'
import type { Recorder } from './recorder.js'
import { StatusFile } from './status-file.js'

/** Options of a {@link Station}. */
export interface StationOptions {
  /** What to record and how; see `readConfig`. */
  readonly config: StationConfig
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
  /** Stops gracefully, as `stop()` does. */
  readonly signal?: AbortSignal
}

/** How a station ended. */
export interface StationResult {
  /** One entry per source, in the order of the configuration. */
  readonly results: readonly RecorderResult[]
  /** Names of the sources that gave up. */
  readonly failed: readonly string[]
}

/** A snapshot of a station. */
export interface StationStatus {
  /** When it was started; absent before. */
  readonly startedAt?: EpochMs
  /** One entry per source, in the order of the configuration. */
  readonly sources: readonly RecorderStatus[]
}

/** Several recorders that share storage, ledger and clock, made from a configuration. One source's trouble is never another's. */
export class Station extends Announcer<RecorderEvents> implements AsyncDisposable {
  /** The recorders, in the order of the configuration. */
  readonly recorders: readonly Recorder[]
  /** Resolves when every recorder has ended and the ledger is closed; never rejects. */
  readonly finished: Promise<StationResult>
  readonly #clock: Clock
  readonly #folders = new Map<string, Folder>()
  #finish!: (result: StationResult) => void
  #startedAt?: EpochMs
  #ended = false

  constructor(options: StationOptions) {
    super()
    this.#clock = options.clock ?? systemClock
    this.finished = new Promise((resolve) => {
      this.#finish = resolve
    })
    const prefixes = namePrefixes(options.config.sources)
    this.recorders = options.config.sources.map((source) => this.#createRecorder(source, prefixes.get(source.name)))
    options.signal?.addEventListener('abort', () => void this.stop(), { once: true })
  }

  /** Begins to record every source; at once, without waiting for any. Calling it again changes nothing. */
  start(): void {
    if (this.#startedAt !== undefined) return
    this.#startedAt = this.#clock.now()
    for (const { statusFile } of this.#folders.values()) statusFile.start()
    for (const recorder of this.recorders) recorder.start()
    void this.#end()
  }

  /**
   * Stops all sources at once, under one deadline. Resolves when every file is complete, or at the deadline.
   * @param options - `deadlineMs`: default 25000
   */
  async stop(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    if (this.#startedAt === undefined) this.start()
    await Promise.all(this.recorders.map((recorder) => recorder.stop(options)))
    if (this.recorders.every(({ status }) => status.state === 'stopped' || status.state === 'failed'))
      await this.finished
  }

  /** Same as `stop()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** What every source is doing now. */
  get status(): StationStatus {
    return {
      ...(this.#startedAt !== undefined && { startedAt: this.#startedAt }),
      sources: this.recorders.map((recorder) => recorder.status),
    }
  }

  #createRecorder(config: SourceConfig, prefix: string | undefined): Recorder {
    const folder = this.#folder(config)
    const recorder = createRecorder(config, {
      clock: this.#clock,
      storage: folder.storage,
      ledger: folder.ledger,
      ...(prefix !== undefined && { prefix }),
    })
    folder.recorders.push(recorder)
    for (const event of RECORDER_EVENTS) relay(recorder, event, this.events)
    return recorder
  }

  /** Sources of one folder share its storage, ledger and status file. */
  #folder(config: SourceConfig): Folder {
    const known = this.#folders.get(config.outputDirectory)
    if (known) return known
    const clock = this.#clock
    const directory = config.outputDirectory
    const recorders: Recorder[] = []
    const folder: Folder = {
      storage: new FileStorage({ directory, syncSeconds: config.syncSeconds, clock }),
      ledger: openLedger({ directory, clock, onFault: (error) => this.#warnFolder(directory, error) }),
      recorders,
      statusFile: new StatusFile({ directory, clock, status: () => recorders.map((recorder) => recorder.status) }),
      faultAt: -Infinity,
    }
    this.#folders.set(directory, folder)
    return folder
  }

  /** A volume that stays broken is told about once a minute, not once a second. */
  #warnFolder(directory: string, error: IsrError): void {
    const folder = this.#folders.get(directory)
    if (!folder || this.#clock.monotonicMs() - folder.faultAt < 60_000) return
    folder.faultAt = this.#clock.monotonicMs()
    for (const { source } of folder.recorders) {
      this.events.emit('warning', { source, code: error.code, message: `the ledger waits: ${error.message}` })
    }
  }

  async #end(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    const results = await Promise.all(this.recorders.map((recorder) => recorder.finished))
    for (const { ledger, statusFile } of this.#folders.values()) {
      await statusFile.stop()
      await ledger.close()
    }
    this.#finish({ results, failed: results.filter(({ state }) => state === 'failed').map(({ source }) => source) })
  }
}

function relay<K extends keyof RecorderEvents>(
  from: Listenable<RecorderEvents>,
  event: K,
  to: GuardedEmitter<RecorderEvents>,
): void {
  const forward = (payload: Parameters<RecorderEvents[K]>[0]) => to.emit(event, payload)
  from.on(event, forward)
}

interface Folder {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly recorders: Recorder[]
  readonly statusFile: StatusFile
  faultAt: number
}
