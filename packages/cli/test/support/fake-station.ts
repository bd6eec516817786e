import { Announcer, IsrError } from '@isr/core'
import type { RecorderEvents, RecorderStatus, Recording, StationConfig, StationResult, StationStatus } from '@isr/core'
import type { StationLike } from '../../src/session/session.js'

/** A source as a configuration gives it. */
export function sourceConfig(
  name: string,
  changes: Partial<StationConfig['sources'][number]> = {},
): StationConfig['sources'][number] {
  return {
    name,
    type: 'signal',
    format: 'auto',
    sampleRateHz: 44_100,
    channels: 2,
    outputDirectory: 'recordings',
    splitMinutes: 60,
    filenamePattern: '%Y%m%d_%H%M%S',
    maxRetries: 0,
    retryDelaySeconds: 5,
    retryMaxDelaySeconds: 60,
    stallTimeoutSeconds: 20,
    splitJoin: 'exact',
    opusPrerollMs: 400,
    syncSeconds: 1,
    ...changes,
  }
}

/** A file as a recorder announces it. */
export function recording(changes: Partial<Recording> = {}): Recording {
  return {
    name: '20260101_000000.mp3',
    source: 'radio',
    format: 'mp3',
    info: { codec: 'mp3', sampleRateHz: 44_100, channels: 2, bitrateBps: 128_000 },
    startedAt: Date.UTC(2026, 0, 1),
    durationSeconds: 65.4,
    samples: 2_884_140,
    frames: 2504,
    sizeBytes: 1_046_400,
    run: 'run',
    sequence: 0,
    state: 'open',
    ...changes,
  }
}

/** The state of a source. */
export function status(source: string, changes: Partial<RecorderStatus> = {}): RecorderStatus {
  return {
    source,
    state: 'recording',
    recordings: 1,
    receivedBytes: 1_000_000,
    bitrateBps: 128_000,
    recordedSeconds: 62.5,
    gaps: 0,
    seams: 0,
    discardedBytes: {},
    durabilityLagSeconds: 0,
    bufferedSeconds: 0,
    bufferedBytes: 0,
    ...changes,
  }
}

/** A station that does what a test says. */
export class FakeStation extends Announcer<RecorderEvents> implements StationLike {
  readonly finished: Promise<StationResult>
  readonly stops: unknown[] = []
  started = false
  /** How `stop` goes: everything ends, the deadline passes, or it is under way for ever. */
  stopping: 'ends' | 'late' | 'hangs' = 'ends'
  failed: string[] = []
  readonly measured = [this]
  sources: RecorderStatus[]
  #finish!: (result: StationResult) => void

  constructor(names: readonly string[]) {
    super()
    this.sources = names.map((name) => status(name))
    this.finished = new Promise((resolve) => {
      this.#finish = resolve
    })
  }

  get status(): StationStatus {
    return { startedAt: Date.UTC(2026, 0, 1), sources: this.sources }
  }

  start(): void {
    this.started = true
  }

  async stop(options?: unknown): Promise<void> {
    this.stops.push(options)
    if (this.stopping === 'late') return
    if (this.stopping === 'hangs') return new Promise(() => {})
    this.end()
    await this.finished
  }

  /** Ends every recorder. */
  end(): void {
    const results = this.sources.map(({ source }) => ({ source, state: 'stopped' as const }))
    this.#finish({ results, failed: this.failed })
  }

  emit<K extends keyof RecorderEvents>(event: K, payload: Parameters<RecorderEvents[K]>[0]): void {
    this.events.emit(event, payload)
  }
}

/** An error of a source. */
export function cause(
  code: IsrError['code'] = 'ISR_SOURCE_NOT_FOUND',
  message = 'http://host/live answered 404',
): IsrError {
  return new IsrError(code, message, { source: 'radio' })
}
