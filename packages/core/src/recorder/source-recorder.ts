import { IsrError, toIsrError } from '../errors.js'
import { Announcer } from '../events.js'
import type { Chunk, EpochMs } from '../model.js'
import type { Connection, ConnectOptions } from '../sources/source.js'
import { within } from '../time/clock.js'
import { GuardedLedger } from './plugins/guarded-ledger.js'
import { ConnectionRuns } from './supervision/connection-runs.js'
import { drainConnection } from './supervision/drain-connection.js'
import type { RecorderEvents, RecorderState, RecorderStatus } from './events.js'
import { GapTracker } from './supervision/gap-tracker.js'
import { Hearing } from './hearing.js'
import { RateMeter } from './supervision/rate-meter.js'
import { RetryLoop, type Attempt } from './supervision/retry-loop.js'
import type { LiveAudio } from './live/live-audio.js'
import { restMs } from './live/urgency.js'
import { Run } from './run/run.js'
import { SourceTail } from './stitch/source-tail.js'
import { newRunId } from './run/run-id.js'
import { SourceBuffer } from './run/log/source-buffer.js'
import { announceRun } from './supervision/announce-run.js'
import type { SourceRecorderOptions } from './source-recorder-options.js'
import { stallError, StallWatch } from './supervision/stall-watch.js'
import { Totals } from './supervision/totals.js'

/** A disk that is well ends a run in less. */
const ENDING_MS = 100

/** Default of {@link SourceRecorder.stop}. */
const STOP_DEADLINE_MS = 25_000

/** How a recorder ended. */
export interface RecorderResult {
  /** Name of the source. */
  readonly source: string
  /** `stopped` when it was told to or its source is recorded whole, `failed` when it gave up. */
  readonly state: 'stopped' | 'failed'
  /** Why it gave up; only when `failed`. */
  readonly error?: IsrError
}

/**
 * Drives one source to one storage until stopped: connects, records, retries, accounts for every gap.
 * Everything it works with is given; {@link Recorder} is the same with defaults.
 */
export class SourceRecorder extends Announcer<RecorderEvents> implements AsyncDisposable {
  /** Name of the source. */
  readonly source: string
  /** Resolves when it has ended for good; never rejects. */
  readonly finished: Promise<RecorderResult>
  readonly #options: SourceRecorderOptions
  readonly #stop = new AbortController()
  readonly #gaps: GapTracker
  readonly #buffer: SourceBuffer
  /** Runs that are not on disk yet. */
  readonly #endings = new Set<Promise<void>>()
  readonly #tail: SourceTail
  readonly #rate = new RateMeter()
  readonly #hearing: Hearing
  readonly #totals = new Totals()
  #finish!: (result: RecorderResult) => void
  #state: RecorderState = 'idle'
  #run?: Run
  #title?: string
  #lastError?: RecorderStatus['lastError']
  #retryAt?: EpochMs
  /** Where bytes come from, or came from last. */
  #url?: string

  constructor(options: SourceRecorderOptions) {
    super(({ event, error }) => {
      // a failing listener of warnings is not warned about: it would fail again
      if (event !== 'warning') this.#warn('listener', `a listener of "${event}" failed: ${String(error)}`)
    })
    const ledger = new GuardedLedger(options.ledger, ({ code, message }) => this.#warn(code, message))
    this.#options = { ...options, ledger }
    this.source = options.source.name
    this.finished = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#gaps = new GapTracker({
      source: this.source,
      ledger,
      ...(options.naming.timeZone !== undefined && { timeZone: options.naming.timeZone }),
      onGap: (gap) => {
        this.#totals.gaps++
        this.events.emit('gap', { source: this.source, ...gap })
      },
    })
    const { storage, clock, bufferSeconds, stallTimeoutMs } = options
    this.#buffer = new SourceBuffer({
      ...{ source: this.source, storage, clock, bufferSeconds, events: this.events },
      onOutage: (error) => {
        this.#noteError(error)
        this.events.emit('error', { source: this.source, error })
      },
    })
    this.#tail = new SourceTail(options.formats)
    const onWarning = (code: string, message: string) => this.#warn(code, message)
    const rest = restMs(storage.syncSeconds, stallTimeoutMs)
    this.#hearing = new Hearing({ ...options, source: this.source, events: this.events, restMs: rest, onWarning })
    options.signal?.addEventListener('abort', () => void this.stop(), { once: true })
  }

  /** Begins to record; at once, without waiting for the source. Calling it again changes nothing. */
  start(): void {
    if (this.#state !== 'idle') return
    if (this.#options.signal?.aborted) void this.stop()
    if (this.#options.earlier) this.#tail.expect(this.#options.earlier, this.#options.clock)
    void this.#loop()
      .catch((error: unknown) => this.#tellFailure(toIsrError(error, 'ISR_PLUGIN_FAILED')))
      .then(async (ended) => {
        this.#buffer.endBy(STOP_DEADLINE_MS)
        await Promise.all(this.#endings)
        this.#buffer.end()
        const { loss } = this.#buffer
        const result = loss && ended.state === 'stopped' ? this.#tellFailure(loss) : ended
        await this.#hearing.settled()
        await this.#options.onEnd?.()
        this.#become(result.state)
        this.#finish(result)
      })
  }

  /**
   * Ends recording: closes the file so that it is complete on disk. Resolves then, or at the deadline.
   * @param options - `deadlineMs`: how long a hanging disk is waited for. Default 25000
   */
  async stop(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    if (this.#state === 'idle') {
      this.#become('stopped')
      this.#finish({ source: this.source, state: 'stopped' })
    }
    if (!this.#stop.signal.aborted) {
      if (this.#state !== 'stopped' && this.#state !== 'failed') this.#become('stopping')
      const gathering = this.#hearing.gather()
      if (gathering) await gathering
      this.#stop.abort(new IsrError('ISR_STOPPED', 'the recorder was stopped'))
    }
    const deadlineMs = options.deadlineMs ?? STOP_DEADLINE_MS
    if (this.#state === 'stopping') this.#buffer.endBy(deadlineMs)
    await within(this.#options.clock, deadlineMs, this.finished)
  }

  /** Same as `stop()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** What is recorded, for who wants to hear it now. */
  get live(): LiveAudio {
    return this.#hearing.live
  }

  /** Whether levels are measured though nobody listens to `level`: they are kept, or an alarm needs them. */
  get isMeasured(): boolean {
    return this.#hearing.isMeasured
  }

  /** What it is doing now. */
  get status(): RecorderStatus {
    const run = this.#run
    const recording = run?.recording
    return {
      source: this.source,
      state: this.#state,
      ...(recording && { recording }),
      ...this.#totals.counts,
      receivedBytes: this.#totals.earlierBytes + (run?.receivedBytes ?? 0),
      bitrateBps: this.#rate.bitsPerSecond(this.#options.clock.monotonicMs()),
      recordedSeconds: this.#totals.earlierSeconds + (run?.recordedSeconds ?? 0),
      ...this.#buffer.status,
      ...(this.#url !== undefined && { url: this.#url }),
      ...(this.#hearing.level && { level: this.#hearing.level }),
      ...(this.#hearing.silentSince !== undefined && { silentSince: this.#hearing.silentSince }),
      ...(this.#title !== undefined && { title: this.#title }),
      ...(this.#lastError && { lastError: this.#lastError }),
      ...(this.#retryAt !== undefined && { retryAt: this.#retryAt }),
    }
  }

  async #loop(): Promise<RecorderResult> {
    const { source, clock, retry, random } = this.#options
    const beganAt = clock.now()
    const loop = new RetryLoop({
      source,
      retry,
      random,
      connecting: this.#connectOptions,
      attempt: (found) => this.#attempt(found),
      onFailure: (cause, looking) => {
        if (!looking) this.#gaps.begin(beganAt, cause, '') // counts only when nothing was recorded yet: runs begin their own
        this.#noteError(cause)
      },
      onRetry: (attempt, retryAt, cause) => this.events.emit('retry', { source: this.source, attempt, retryAt, cause }),
      onPause: (until) => {
        this.#retryAt = until
        if (this.#state !== 'failed') this.#become('waiting')
      },
      onGiveUp: (error, forGood) => {
        // said once, however often it is tried again
        if (this.#state !== 'failed') this.#tellFailure(error)
        if (!forGood) this.#become('failed')
      },
    })
    const error = await loop.run()
    this.#gaps.end(clock.now())
    return error ? { source: this.source, state: 'failed', error } : { source: this.source, state: 'stopped' }
  }

  /** One connection from opening to its last file. Never rejects. */
  async #attempt(found?: Connection): Promise<Attempt> {
    const { source, clock } = this.#options
    this.#retryAt = undefined
    if (this.#state !== 'failed') this.#become('connecting')
    let connection: Connection
    try {
      connection = found ?? (await source.connect(this.#connectOptions))
    } catch (error) {
      return { cause: toIsrError(error, 'ISR_SOURCE_FAILED'), audioSeconds: 0 }
    }
    this.#url = connection.facts?.url
    const abort = new AbortController()
    const stopped = () => abort.abort(this.#stop.signal.reason)
    this.#stop.signal.addEventListener('abort', stopped, { once: true })
    if (this.#stop.signal.aborted) stopped()
    const runs = new ConnectionRuns({
      begin: (startingAt) => (this.#run = this.#createRun(connection, abort, startingAt)),
      end: (run, why) => this.#endRun(run, why),
      onLoss: (endsAt, why, run) => this.#gaps.begin(endsAt, why, run),
    })
    const watch = this.#watch(runs, connection, abort)
    this.#buffer.log.connected(connection.pace !== 'unpaced')
    const take = (chunk: Chunk) => {
      this.#rate.add(chunk.bytes.length, clock.monotonicMs())
      runs.push(chunk)
      return this.#buffer.log.room(abort.signal)
    }
    this.#hearing.follow(connection)
    const cause = await drainConnection(connection, take, abort.signal, clock)
    watch.stop()
    this.#stop.signal.removeEventListener('abort', stopped)
    // a volume that hangs or fails does not keep the source from coming back
    const ended = runs.end(cause).then(() => void this.#endings.delete(ended))
    this.#endings.add(ended)
    await within(clock, ENDING_MS, ended)
    const last = runs.current
    if (last.audioSeconds > 0 && !this.#stop.signal.aborted && !(source.finite && cause.code === 'ISR_SOURCE_ENDED'))
      this.#gaps.begin(last.audioEndsAt ?? clock.now(), cause, last.id)
    return { cause: last.fault ?? cause, audioSeconds: runs.audioSeconds }
  }

  get #connectOptions(): ConnectOptions {
    const onWarning = (code: string, message: string) => this.#warn(code, message)
    return { signal: this.#stop.signal, clock: this.#options.clock, onWarning }
  }

  #createRun(connection: Connection, abort: AbortController, startingAt?: EpochMs): Run {
    const { clock, storage, ledger, formats, splitter, naming, splitJoin, opusPrerollMs } = this.#options
    const id = newRunId(clock.now())
    const source = this.source
    const observer = announceRun({
      ...{
        source,
        run: id,
        facts: connection.facts ?? {},
        events: this.events,
        gaps: this.#gaps,
        totals: this.#totals,
      },
      onAudio: () => {
        if (!this.#stop.signal.aborted) this.#become('recording')
      },
      onTitle: (title) => (this.#title = title),
      onWarning: (code, message) => this.#warn(code, message),
      onFault: (error) => abort.abort(error),
    })
    return new Run(connection, {
      id,
      source,
      clock,
      storage,
      ledger,
      log: this.#buffer.log,
      outage: this.#buffer.outage,
      ...{ formats, splitter, naming, splitJoin, opusPrerollMs },
      ...(startingAt !== undefined && { startingAt }),
      tail: this.#tail,
      observer,
      ...(this.#hearing.trigger && { trigger: this.#hearing.trigger }),
      taps: this.#hearing.taps,
      live: this.live,
    })
  }

  #watch(runs: ConnectionRuns, connection: Connection, abort: AbortController): StallWatch {
    const { clock, stallTimeoutMs } = this.#options
    return new StallWatch({
      clock,
      timeoutMs: stallTimeoutMs,
      live: connection.pace !== 'unpaced',
      audioSeconds: () => runs.audioSeconds + this.#buffer.log.waitedSeconds,
      onStall: (audioSeconds, asleepMs) =>
        abort.abort(stallError(audioSeconds, { source: this.source, timeoutMs: stallTimeoutMs, asleepMs })),
    })
  }

  async #endRun(run: Run, cause: IsrError): Promise<void> {
    const onDisk = run.end(this.#stop.signal.aborted ? 'stop' : 'disconnect', cause)
    // its counts are final, and another run may follow before it is on disk
    this.#run = undefined
    this.#totals.earlierSeconds += run.recordedSeconds
    this.#totals.earlierBytes += run.receivedBytes
    await onDisk
    if (run.audioSeconds === 0) return
    const at = this.#options.clock.now()
    this.events.emit('run:end', { source: this.source, run: run.id, at, receivedBytes: run.ownBytes, cause })
  }

  #tellFailure(error: IsrError): RecorderResult {
    this.#noteError(error)
    this.events.emit('error', { source: this.source, error })
    return { source: this.source, state: 'failed', error }
  }

  #become(to: RecorderState): void {
    const from = this.#state
    if (from === to || (from === 'stopping' && to !== 'stopped' && to !== 'failed')) return
    this.#state = to
    this.events.emit('state', { source: this.source, from, to })
  }

  #noteError(error: IsrError): void {
    this.#lastError = { at: this.#options.clock.now(), code: error.code, message: error.message }
  }

  #warn(code: string, message: string): void {
    this.events.emit('warning', { source: this.source, code, message })
  }
}
