import { join } from 'node:path'
import { AdaptiveDetector } from '../analysis/detectors/adaptive-detector.js'
import type { SourceConfig, StationConfig } from '../config/station-config.js'
import type { IsrError } from '../errors.js'
import { Announcer, type GuardedEmitter, type Listenable } from '../events.js'
import type { EpochMs } from '../model.js'
import { RECORDER_EVENTS, type RecorderEvents, type RecorderStatus } from '../recorder/events.js'
import type { LiveAudio } from '../recorder/live/live-audio.js'
import type { RecorderResult } from '../recorder/source-recorder.js'
import { aborted, sleep, systemClock, type Clock } from '../time/clock.js'
import { ANALYSES_FOLDER, AnalysesFolder } from './analysis/analyses-folder.js'
import { Analyzer } from './analysis/analyzer.js'
import { LiveAnalysis } from './analysis/live-analysis.js'
import { createRecorder } from './create-recorder.js'
import { RecordingsFolder, type FolderObserver } from './folder/recordings-folder.js'
import { StationHooks } from './hooks/station-hooks.js'
import { levelFollowers } from './levels/level-followers.js'
import { namePrefixes } from './name-prefixes.js'
import type { Recorder } from './recorder.js'
import { Retention } from './retention/retention.js'
import { retainedSources } from './retention/retained-sources.js'

/** Options of a {@link Station}. */
export interface StationOptions {
  /** What to record and how; see `readConfig`. */
  readonly config: StationConfig
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
  /**
   * Whether the station ends when every source has ended or been given up. Otherwise it goes on trying those that were given up, at the
   * pace of `probe_minutes`. @defaultValue true
   */
  readonly endWhenAllFailed?: boolean
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

/** Analyses that are not done so long after a stop are done when somebody asks for them. */
const ANALYSIS_DEADLINE_MS = 3000

/** Several recorders that share storage, ledger and clock, made from a configuration. One source's trouble is never another's. */
export class Station extends Announcer<RecorderEvents> implements AsyncDisposable {
  /** The recorders, in the order of the configuration. */
  readonly recorders: readonly Recorder[]
  /** Resolves when every recorder has ended and the ledger is closed; never rejects. */
  readonly finished: Promise<StationResult>
  readonly #clock: Clock
  readonly #folders = new Map<string, RecordingsFolder>()
  readonly #analyzer = new Analyzer()
  readonly #live: LiveAnalysis[] = []
  readonly #retention: Retention
  readonly #hooks: StationHooks
  readonly #stopping = new AbortController()
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
    this.#relayLevels()
    this.#retention = this.#createRetention(options.config)
    const onWarning = (warning: Parameters<RecorderEvents['warning']>[0]) => this.events.emit('warning', warning)
    this.#hooks = new StationHooks(options.config.sources, { clock: this.#clock, onWarning })
    this.#hooks.follow(this)
    if (options.endWhenAllFailed ?? true) this.on('state', ({ to }) => to === 'failed' && this.#endIfAllFailed())
    options.signal?.addEventListener('abort', () => void this.stop(), { once: true })
  }

  /** Begins to record every source; at once, without waiting for any. Calling it again changes nothing. */
  start(): void {
    if (this.#startedAt !== undefined) return
    this.#startedAt = this.#clock.now()
    for (const folder of this.#folders.values()) folder.start()
    for (const recorder of this.recorders) recorder.start()
    this.#retention.start()
    this.#hooks.start()
    void this.#end()
  }

  /**
   * Stops all sources at once, under one deadline. Resolves when every file is complete, or at the deadline.
   * @param options - `deadlineMs`: default 25000
   */
  async stop(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    if (this.#startedAt === undefined) this.start()
    this.#stopping.abort()
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

  /** Those whose levels are measured whoever listens: for who wants the levels that there are, and no others to be measured. */
  get measured(): readonly Listenable<RecorderEvents>[] {
    return this.recorders.filter(({ isMeasured }) => isMeasured)
  }

  /** What this source records, for who wants to hear it now; undefined when there is no such source. */
  live(source: string): LiveAudio | undefined {
    return this.recorders.find((recorder) => recorder.source === source)?.live
  }

  #createRecorder(config: SourceConfig, prefix: string | undefined): Recorder {
    const folder = this.#folder(config)
    const onFault = ({ code, message }: IsrError) => this.events.emit('warning', { source: config.name, code, message })
    const live = config.analyze === 'live' ? this.#liveAnalysis(folder, onFault) : undefined
    const followers = [...levelFollowers(config, onFault), ...(live ? [live.follower] : [])]
    const earlier = folder.earlierOf(config)
    const recorder = createRecorder(config, {
      clock: this.#clock,
      storage: folder.storage,
      ledger: folder.ledgerFor(config),
      ...(earlier && { earlier }),
      ...(prefix !== undefined && { prefix }),
      followers,
    })
    folder.add(recorder, config)
    if (live) {
      recorder.on('recording:close', (recording) => live.closed(recording))
      recorder.on('loudness', ({ source: _, name, ...loudness }) => live.measured(name, loudness))
    }
    for (const event of RECORDER_EVENTS) if (event !== 'level') recorder.on(event, relay(event, this.events))
    return recorder
  }

  /** To listen to levels is to have them measured, and to have streams read as they come: only while somebody does. */
  #relayLevels(): void {
    const forward = relay('level', this.events)
    this.events.watch('level', (isHeard) => {
      for (const recorder of this.recorders) recorder[isHeard ? 'on' : 'off']('level', forward)
    })
  }

  #liveAnalysis({ storage }: RecordingsFolder, onFault: (error: IsrError) => void): LiveAnalysis {
    const analyses = new AnalysesFolder(join(storage.location, ANALYSES_FOLDER))
    const detector = new AdaptiveDetector()
    const live = new LiveAnalysis({ storage, analyses, detector, analyzer: this.#analyzer, onFault })
    this.#live.push(live)
    return live
  }

  #createRetention({ sources }: StationConfig): Retention {
    const retained = retainedSources(sources, (config) => this.#folder(config), this.#clock)
    const retention = new Retention({
      sources: retained,
      clock: this.#clock,
      observer: {
        onRemoved: (event) => this.events.emit('recording:remove', event),
        onWarning: (warning) => this.events.emit('warning', warning),
      },
    })
    this.on('recording:close', () => retention.closed())
    return retention
  }

  #folder({ outputDirectory: directory, syncSeconds, groupCommit = 'auto' }: SourceConfig): RecordingsFolder {
    const known = this.#folders.get(directory)
    if (known) return known
    const observer: FolderObserver = {
      onRecovered: (recording) => this.events.emit('recording:close', recording),
      onGap: (gap) => this.events.emit('gap', gap),
      onWarning: (warning) => this.events.emit('warning', warning),
    }
    const folder = new RecordingsFolder({ directory, syncSeconds, groupCommit, clock: this.#clock, observer })
    this.#folders.set(directory, folder)
    return folder
  }

  /** Sources that end by themselves are waited for; who stops the station gets what is done in a moment. */
  async #endAnalyses(): Promise<void> {
    const done = new AbortController()
    const settled = Promise.all(this.#live.map((live) => live.settled())).then(() => done.abort())
    await Promise.race([settled, aborted(this.#stopping.signal)])
    await sleep(this.#clock, ANALYSIS_DEADLINE_MS, done.signal)
    await this.#analyzer.close()
  }

  /** Those that were given up are tried again only beside others. */
  #endIfAllFailed(): void {
    const goesOn = ({ status: { state } }: Recorder) => state !== 'failed' && state !== 'stopped'
    if (!this.recorders.some(goesOn)) for (const recorder of this.recorders) void recorder.stop()
  }

  async #end(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    const results = await Promise.all(this.recorders.map((recorder) => recorder.finished))
    await Promise.all([this.#endAnalyses(), this.#retention.stop(), this.#hooks.finish(this.#stopping.signal)])
    await Promise.all([...this.#folders.values()].map((folder) => folder.stop()))
    this.#finish({ results, failed: results.filter(({ state }) => state === 'failed').map(({ source }) => source) })
  }
}

function relay<K extends keyof RecorderEvents>(event: K, to: GuardedEmitter<RecorderEvents>): RecorderEvents[K] {
  return (payload: Parameters<RecorderEvents[K]>[0]) => to.emit(event, payload)
}
