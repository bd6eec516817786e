import { Counter, Gauge, Registry } from 'prom-client'
import type { StatusAnswer } from '../api/status.js'

/** States of a source, each a series of its own. */
const STATES = ['idle', 'connecting', 'recording', 'waiting', 'stopping', 'stopped', 'failed'] as const

/** Numbers for Prometheus: what the recorder does at the moment of the look, and what the server has answered since its start. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #state = this.#gauge('isr_source_state', '1 for the state that the source is in', 'state')
  readonly #received = this.#counter('isr_source_received_bytes_total', 'Bytes received since the start')
  readonly #recorded = this.#counter('isr_source_recorded_seconds_total', 'Audio recorded since the start, in seconds')
  readonly #bitrate = this.#gauge('isr_source_bitrate_bps', 'Bits per second of the last seconds')
  readonly #gaps = this.#counter('isr_source_gaps_total', 'Gaps since the start')
  readonly #seams = this.#counter('isr_source_seams_total', 'Reconnects without a gap since the start')
  readonly #discarded = this.#counter(
    'isr_source_discarded_bytes_total',
    'Received bytes that are in no recording since the start, by reason; duplicate: what came again after a reconnect',
    'reason',
  )
  readonly #files = this.#counter('isr_source_recordings_total', 'Files closed since the start')
  readonly #lag = this.#gauge('isr_durability_lag_seconds', 'Age of the oldest received frame that is not durable yet')
  readonly #buffered = this.#gauge(
    'isr_buffered_seconds',
    'Received audio in memory that is not durable yet, in seconds',
  )
  readonly #failing = this.#gauge('isr_storage_failing', '1 while the volume of the recordings takes nothing')
  readonly #level = this.#gauge('isr_source_level_rms_db', 'RMS in dBFS by channel', 'channel')
  readonly #library = new Gauge({
    name: 'isr_library_recordings',
    help: 'Recordings in the folder',
    registers: [this.#registry],
  })
  readonly #answers = new Map<number, number>()
  readonly #requests = new Counter({
    name: 'isr_http_requests_total',
    help: 'Answers by status',
    labelNames: ['status'],
    registers: [this.#registry],
    collect: () => {
      this.#requests.reset()
      for (const [status, count] of this.#answers) this.#requests.inc({ status: String(status) }, count)
    },
  })

  /** Media type of the text. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** An answer was sent. */
  count(status: number): void {
    this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1)
  }

  /** The text that Prometheus reads. */
  async text({ sources }: StatusAnswer, recordings: number): Promise<string> {
    this.#library.set(recordings)
    for (const metric of [
      this.#state,
      this.#received,
      this.#recorded,
      this.#bitrate,
      this.#gaps,
      this.#seams,
      this.#discarded,
      this.#files,
      this.#lag,
      this.#buffered,
      this.#failing,
      this.#level,
    ])
      metric.reset()
    for (const one of sources) {
      const source = one.source
      for (const state of STATES) this.#state.set({ source, state }, one.state === state ? 1 : 0)
      this.#received.inc({ source }, one.receivedBytes)
      this.#recorded.inc({ source }, one.recordedSeconds)
      this.#bitrate.set({ source }, one.bitrateBps)
      this.#gaps.inc({ source }, one.gaps)
      this.#seams.inc({ source }, one.seams)
      for (const [reason, bytes] of Object.entries({ duplicate: 0, ...one.discardedBytes }))
        this.#discarded.inc({ source, reason }, bytes)
      this.#files.inc({ source }, one.recordings)
      this.#lag.set({ source }, one.durabilityLagSeconds ?? 0)
      this.#buffered.set({ source }, one.bufferedSeconds ?? 0)
      this.#failing.set({ source }, one.storage ? 1 : 0)
      for (const [channel, db] of (one.level?.rmsDb ?? []).entries())
        this.#level.set({ source, channel: String(channel) }, db)
    }
    return this.#registry.metrics()
  }

  #gauge<Label extends string = never>(name: string, help: string, label?: Label): Gauge<'source' | Label> {
    return new Gauge({ name, help, labelNames: labels(label), registers: [this.#registry] })
  }

  /** Only grows while this process runs: its name ends in `_total`. */
  #counter<Label extends string = never>(name: string, help: string, label?: Label): Counter<'source' | Label> {
    return new Counter({ name, help, labelNames: labels(label), registers: [this.#registry] })
  }
}

function labels<Label extends string>(label?: Label): ('source' | Label)[] {
  return label === undefined ? ['source'] : ['source', label]
}
