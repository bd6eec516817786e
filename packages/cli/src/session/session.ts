import { compileSoon, formatProblem, Station } from '@isr/core'
import type {
  ConfigProblem,
  Listenable,
  RecorderEvents,
  RecorderStatus,
  StationConfig,
  StationOptions,
  StationResult,
} from '@isr/core'
import type { Io, StopSignal } from '../io.js'
import { describe, isOwnFault, TOLD_EVENTS, type ToldEvent } from '../output/describe.js'
import { unexpectedMessage } from '../output/errors.js'
import { JsonLines } from '../output/json-lines.js'
import type { Level } from '../output/line.js'
import { Repeats } from '../output/repeats.js'
import { redactorOf } from '../output/safe-text.js'
import { formatBytes, formatDuration, nameSome } from '../output/units.js'
import { Display } from './display.js'
import { watchMemory } from './memory-watch.js'
import { serveFault } from './serve-fault.js'
import { afterLong } from './wait.js'

/** All sources share it, however many they are. */
const STOP_DEADLINE_MS = 25_000
/** Ctrl+C reaches every program of a terminal, and npm passes it on once more: that is one signal. */
const SAME_SIGNAL_MS = 200
/** What outputs may take at the very end. */
const DRAIN_MS = 2000

/** The part of a {@link Station} that a session drives. */
export type StationLike = Listenable<RecorderEvents> &
  Pick<Station, 'start' | 'stop' | 'status' | 'finished' | 'measured'>

/** What to record and how to tell of it. */
export interface SessionOptions {
  /** Sources and log. */
  readonly config: StationConfig
  /** Warnings of the configuration. */
  readonly problems: readonly ConfigProblem[]
  /** Events as JSON lines on standard output, everything for people on standard error. */
  readonly json: boolean
  /** Stops after so much wall time, in seconds; absent: never. */
  readonly durationSeconds?: number
  /** Starts what serves the recordings beside the recorder, and tells of its faults; when it cannot start, recording goes on. */
  readonly serve?: (station: StationLike, tell: (text: string) => void) => Promise<Served>
  /** Makes the station. @defaultValue `new Station(options)` */
  readonly createStation?: (options: StationOptions) => StationLike
}

/** A server beside the recorder. */
interface Served {
  /** Where it answers. */
  readonly url: string
  /** Ends it. */
  close(): Promise<void>
}

/** Records until it is told to stop or nothing is left to record. @returns the exit code */
export function runSession(options: SessionOptions, io: Io): Promise<number> {
  return new Session(options, io).run()
}

class Session {
  readonly #options: SessionOptions
  readonly #io: Io
  readonly #display: Display
  readonly #json?: JsonLines
  readonly #repeats: Repeats
  #station!: StationLike
  #result?: StationResult
  #lost = 0
  #fatal = false
  #signalledAtMs?: number
  #requestStop!: () => void
  readonly #stopRequested = new Promise<void>((resolve) => {
    this.#requestStop = resolve
  })

  constructor(options: SessionOptions, io: Io) {
    this.#options = options
    this.#io = io
    const redact = redactorOf(options.config)
    this.#display = new Display({ io, json: options.json, config: options.config, redact })
    if (options.json) this.#json = new JsonLines(io.stdout, redact)
    this.#repeats = new Repeats(io.clock)
  }

  async run(): Promise<number> {
    const { config, problems, durationSeconds, createStation = (options) => new Station(options) } = this.#options
    const { clock } = this.#io
    for (const problem of problems) this.#say('WARNING', formatProblem(problem))
    this.#station = createStation({ config, clock, endWhenAllFailed: this.#options.serve === undefined })
    for (const event of TOLD_EVENTS) this.#follow(event)
    // a hundred streams are not decoded for their levels because somebody reads events
    for (const source of this.#json ? this.#station.measured : [])
      source.on('level', (level) => this.#json?.event('level', this.#io.clock.now(), level))
    compileSoon()
    const forgetMemory = watchMemory(this.#station, config.sources.length, clock)
    const finished = this.#station.finished.then((result) => {
      this.#result = result
    })
    const unlisten = this.#io.listen({
      onSignal: (signal) => this.#onSignal(signal),
      onFatal: (error) => this.#onFatal(error),
    })
    this.#say('INFO', `recording ${nameSome(config.sources.map(({ name }) => name))}`)
    this.#station.start()
    const served = this.#serve()
    const stopShowing = this.#display.follow(() => this.#station.status)
    const cancelDuration =
      durationSeconds === undefined ? () => {} : afterLong(clock, durationSeconds * 1000, () => this.#requestStop())
    await Promise.race([finished, this.#stopRequested])
    cancelDuration()
    await this.#station.stop({ deadlineMs: STOP_DEADLINE_MS })
    forgetMemory()
    await (await served)?.close()
    stopShowing()
    this.#display.leave()
    const code = this.#conclude()
    unlisten()
    await this.#display.close(DRAIN_MS)
    return code
  }

  /** A port that is taken must not cost a recording. */
  async #serve(): Promise<Served | undefined> {
    try {
      const served = await this.#options.serve?.(this.#station, (text) => this.#say('ERROR', text))
      if (served) this.#say('INFO', `serving the recordings at ${served.url}`)
      return served
    } catch (error) {
      this.#say('ERROR', `not served, recording goes on: ${serveFault(error)}`)
      return undefined
    }
  }

  #follow<K extends ToldEvent>(name: K): void {
    const listener = (event: Parameters<RecorderEvents[K]>[0]): void => {
      this.#json?.event(name, this.#io.clock.now(), event)
      if (name === 'error' && isOwnFault((event as Parameters<RecorderEvents['error']>[0]).error)) this.#lost++
      const { level, text, reason } = describe(name, event)
      const { source } = event
      const times = reason === undefined ? 1 : this.#repeats.pass(source, reason)
      if (times > 0) this.#say(level, times > 1 ? `${text} [again]` : text, source)
    }
    this.#station.on(name, listener)
  }

  #onSignal(signal: StopSignal): void {
    const nowMs = this.#io.clock.monotonicMs()
    if (this.#signalledAtMs !== undefined) {
      if (nowMs - this.#signalledAtMs < SAME_SIGNAL_MS) return
      this.#display.leave()
      return this.#io.exit(128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal])
    }
    this.#signalledAtMs = nowMs
    this.#say('INFO', `${signal}: closing every file; once more ends at once`)
    this.#requestStop()
  }

  /** Closes what can be closed: a fault here must not cost a recording. */
  #onFatal(error: unknown): void {
    this.#fatal = true
    this.#say('ERROR', unexpectedMessage(error))
    this.#requestStop()
  }

  /** Says what came of it. @returns the exit code */
  #conclude(): number {
    const { sources } = this.#station.status
    if (!this.#result) {
      const late = sources.filter(({ state }) => state !== 'stopped' && state !== 'failed').map(({ source }) => source)
      this.#say('ERROR', `not closed within ${STOP_DEADLINE_MS / 1000} s: ${late.join(', ')}`)
      return 1
    }
    const { failed } = this.#result
    const total = (of: (status: RecorderStatus) => number): number => sources.reduce((sum, one) => sum + of(one), 0)
    const recordings = plural(
      total((one) => one.recordings),
      'recording',
    )
    const audio = formatDuration(total((one) => one.recordedSeconds))
    const bytes = formatBytes(total((one) => one.receivedBytes))
    const gaps = plural(
      total((one) => one.gaps),
      'gap',
    )
    this.#say('INFO', `${recordings}, ${audio} of audio, ${bytes} received, ${gaps}`)
    if (failed.length > 0) this.#say('ERROR', `given up: ${failed.join(', ')}`)
    const isInVain = sources.every((one) => one.recordings === 0 && one.lastError)
    return this.#fatal || this.#lost > 0 || failed.length > 0 || isInVain ? 1 : 0
  }

  #say(level: Level, text: string, source?: string): void {
    const at = this.#io.clock.now()
    this.#display.line({ at, level, text, ...(source !== undefined && { source }) })
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
