import { toIsrError } from '../../errors.js'
import { LEDGER_VERSION } from '../../ledger/entry.js'
import { ledgerTime } from '../../ledger/ledger-time.js'
import type { RecorderEvents } from '../../recorder/events.js'
import { aborted, sleep, within, type Clock } from '../../time/clock.js'
import type { StockItem } from './inventory.js'
import {
  RetentionPolicy,
  type KeptRecording,
  type RemovalReason,
  type RetentionRules,
  type SourceSpace,
} from './policy.js'
import type { Stock } from './stock.js'

/** A source whose recordings do not stay for ever. */
export interface RetainedSource {
  /** Name of the source. */
  readonly source: string
  /** What may be kept. */
  readonly rules: RetentionRules
  /** The folder that it records to. */
  readonly stock: Stock
  /** IANA zone of the offset beside times. Default the system's. */
  readonly timeZone?: string
}

/** What a {@link Retention} tells. */
export interface RetentionObserver {
  /** A recording is gone. */
  onRemoved(event: Parameters<RecorderEvents['recording:remove']>[0]): void
  /** Something was survived. */
  onWarning(warning: Parameters<RecorderEvents['warning']>[0]): void
}

/** What a {@link Retention} works with. */
export interface RetentionOptions {
  readonly sources: readonly RetainedSource[]
  readonly clock: Clock
  readonly observer: RetentionObserver
}

interface Candidate extends KeptRecording {
  readonly item: StockItem
  readonly retained: RetainedSource
}

/** Clocks that start wrong are right by then. */
const EVERY_MS = 60_000
/** Sources close their files together, and the ledger follows. */
const AFTER_CLOSE_MS = 2000
/** Rest between two removals: a folder full of old files goes slowly. */
const REST_MS = 20
/** How long the line of the removal under way may take at the end. */
const LAST_LINE_MS = 2000
/** File systems count freed room late. */
const SETTLE_MS = 30_000
const GB = 1e9

/** Removes recordings by the rules of their sources: every minute, and after each recording that was closed. One after the other, gently. */
export class Retention {
  readonly #options: RetentionOptions
  readonly #policy: RetentionPolicy
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #loop: Promise<void> = Promise.resolve()
  #freedAtMs = -Infinity
  /** What has been told and lasts. */
  readonly #told = new Set<string>()

  /** @param options - without sources it never does anything */
  constructor(options: RetentionOptions) {
    this.#options = options
    this.#policy = new RetentionPolicy(new Map(options.sources.map(({ source, rules }) => [source, rules])))
  }

  /** Begins, a minute later. */
  start(): void {
    if (this.#options.sources.length > 0) this.#loop = this.#goOn()
  }

  /** A recording was closed: there may be too much now. */
  closed(): void {
    this.#wake.abort()
  }

  /** Ends after the removal under way; waits no longer than two seconds for a volume that fails. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake.abort()
    await this.#loop
  }

  async #goOn(): Promise<void> {
    const { clock } = this.#options
    // a clock that starts wrong must not make everything look old
    await sleep(clock, EVERY_MS, this.#stop.signal)
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController()
      await this.#work()
      await sleep(clock, EVERY_MS, this.#wake.signal)
      if (this.#wake.signal.aborted) await sleep(clock, AFTER_CLOSE_MS, this.#stop.signal)
    }
  }

  async #work(): Promise<void> {
    const { sources, clock } = this.#options
    const candidates: Candidate[] = []
    const spaces = new Map<string, SourceSpace>()
    const settled = clock.monotonicMs() - this.#freedAtMs >= SETTLE_MS
    for (const stock of new Set(sources.map((source) => source.stock))) {
      const here = sources.filter((source) => source.stock === stock)
      await this.#guarded(here[0].source, 'old recordings could not be looked for', async () => {
        await stock.refresh()
        const isProtected = await stock.protectedNames()
        for (const name of await stock.leftBehind())
          await this.#guarded(here[0].source, couldNotGo(name), () => stock.remove(name))
        const bySource = new Map(here.map((source) => [source.source, source]))
        for (const item of stock.items) {
          const retained = bySource.get(item.source)
          if (retained) candidates.push({ ...item, isProtected: isProtected.has(item.name), item, retained })
        }
        if (!settled || here.every(({ rules }) => rules.minFreeBytes === undefined)) return
        const space = await stock.space()
        for (const { source } of here) spaces.set(source, space)
      })
    }
    const { removals, short } = this.#policy.plan({ recordings: candidates, now: clock.now(), spaces })
    const failed = new Set<Stock>()
    for (const { recording, reason } of removals) {
      if (this.#stop.signal.aborted) return
      const { source, name, retained } = recording
      // a folder in which nothing can be removed is tried once a minute, with one recording
      if (failed.has(retained.stock)) continue
      const done = await this.#guarded(source, couldNotGo(name), () => this.#remove(recording, reason))
      if (!done) failed.add(retained.stock)
      await sleep(clock, REST_MS, this.#stop.signal)
    }
    if (settled) this.#tellShort(short)
  }

  async #remove({ item, retained: { source, stock, timeZone } }: Candidate, reason: RemovalReason): Promise<void> {
    const { clock, observer } = this.#options
    const { name, run, sizeBytes } = item
    // a mark may have been set, and the file opened anew or taken away, since the plan was made
    if ((await stock.protectedNames()).has(name) || !(await stock.has(item))) return
    const now = clock.now()
    const { time: at, utcOffset } = ledgerTime(now, timeZone)
    const line = { v: LEDGER_VERSION, type: 'removed', source, run, name, by: 'retention', at, utcOffset } as const
    // the ledger first: a file that is gone without a word would be a fault. A line that waits keeps its file.
    let isEntered = false
    const entered = stock.ledger.append(line).then(() => void (isEntered = true))
    await Promise.race([entered, aborted(this.#stop.signal)])
    // what the ledger says is gone must not stay because the end came in between
    if (!isEntered) await within(clock, LAST_LINE_MS, entered)
    if (!isEntered) return
    await stock.remove(name)
    if (reason === 'space') this.#freedAtMs = clock.monotonicMs()
    observer.onRemoved({ source, name, at: now, sizeBytes, reason })
  }

  #tellShort(short: ReadonlyMap<string, number>): void {
    for (const { source, rules } of this.#options.sources) {
      const missing = short.get(source)
      const least = ((rules.minFreeBytes ?? 0) / GB).toLocaleString('en')
      const message = `the volume has less than min_free_gb = ${least}, and no recording is left that may go`
      this.#tell(source, 'space-short', missing === undefined ? undefined : message)
    }
  }

  async #guarded(source: string, what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      this.#tell(source, what, undefined)
      return true
    } catch (thrown) {
      const { code, message } = toIsrError(thrown, 'ISR_STORAGE_FAILED')
      this.#tell(source, what, `${what}: ${message}`, code)
      return false
    }
  }

  /** Once for as long as it lasts. */
  #tell(source: string, key: string, message: string | undefined, code = key): void {
    const known = `${source}\n${key}`
    if (message === undefined) return void this.#told.delete(known)
    if (this.#told.has(known)) return
    this.#told.add(known)
    this.#options.observer.onWarning({ source, code, message })
  }
}

function couldNotGo(name: string): string {
  return `${name} could not be removed`
}
