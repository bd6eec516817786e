import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { HookTarget, HookTargets } from '../../config/station-config.js'
import { IsrError, toIsrError } from '../../errors.js'
import type { RecorderEvents } from '../../recorder/events.js'
import { retryDelayMs } from '../../recorder/supervision/retry.js'
import { post } from '../../sources/http/post.js'
import { runProgram } from '../../sources/process/run-program.js'
import { printable, redactText, redactUrl } from '../../sources/redact.js'
import { sleep, type Clock, type Timer } from '../../time/clock.js'
import { deliveryOf, environmentOf, headersOf, HOOK_OF, type Delivery, type HookEventName } from './hook-event.js'
import { Lane } from './lane.js'
import { PendingFile } from './pending-file.js'

/** What {@link Hooks} work with. */
export interface HooksOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Who is told, by source. */
  readonly targets: ReadonlyMap<string, HookTargets>
  readonly clock: Clock
  /** Told of what could not be told. */
  readonly onWarning: (warning: Parameters<RecorderEvents['warning']>[0]) => void
  /** What commands inherit. @defaultValue our own environment */
  readonly env?: Readonly<Record<string, string | undefined>>
}

const COMMAND_MS = 60_000
const POST_MS = 15_000
const AT_A_TIME = 4
const MOST_WAITING = 1000
const RETRY = { maxAttempts: 0, delayMs: 5000, maxDelayMs: 3_600_000, probeMs: 0 }
const GIVE_UP_MS = 86_400_000
const SAVE_AFTER_MS = 1000
/** Of a stop. */
const LAST_MS = 5000
/** The receiver says that it will never want it again. */
const GONE = 410

/** Tells programs and addresses of events. Whatever becomes of that, recording never waits for it. */
export class Hooks {
  readonly #options: HooksOptions
  readonly #file: PendingFile
  readonly #commands = new Lane(AT_A_TIME)
  readonly #posts = new Lane(AT_A_TIME)
  readonly #stop = new AbortController()
  /** What addresses have not taken yet. */
  readonly #pending = new Map<string, Delivery>()
  readonly #timers = new Map<string, Timer>()
  /** Faults that have been told and last. */
  readonly #told = new Set<string>()
  #saving?: Timer
  #saved: Promise<void> = Promise.resolve()
  #started: Promise<void> = Promise.resolve()

  constructor(options: HooksOptions) {
    this.#options = options
    this.#file = new PendingFile(options.directory)
  }

  /** Goes on with what an earlier run could not tell. Never rejects. */
  start(): Promise<void> {
    this.#started = this.#takeLeft()
    return this.#started
  }

  /** Tells of an event, if somebody wants to know. Never throws, never waits. */
  tell<K extends HookEventName>(event: K, payload: Parameters<RecorderEvents[K]>[0]): void {
    const target = this.#options.targets.get(payload.source)?.[HOOK_OF[event]]
    if (!target || this.#stop.signal.aborted) return
    const isFull = this.#commands.length + this.#pending.size >= MOST_WAITING
    const full = `more than ${MOST_WAITING} events wait to be told: new ones are told to nobody`
    this.#warn(payload.source, 'hook-full', isFull ? full : undefined)
    if (!isFull) this.#enqueue(deliveryOf(event, payload, { id: randomUUID(), at: this.#options.clock.now() }), target)
  }

  /**
   * Ends when all was tried once, at the latest a while after `hurry` has aborted; what addresses have not taken is kept for the next
   * start. Never rejects.
   */
  async finish(hurry: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const done = new AbortController()
    const end = () => done.abort()
    hurry.addEventListener('abort', end, { once: true })
    const idle = Promise.all([this.#commands.idle(), this.#posts.idle()]).then(() => {
      this.#stop.abort()
      done.abort()
    })
    if (hurry.aborted) end()
    await sleep(clock, COMMAND_MS, done.signal)
    hurry.removeEventListener('abort', end)
    if (!this.#stop.signal.aborted) await sleep(clock, LAST_MS, this.#stop.signal)
    this.#stop.abort()
    for (const lane of [this.#commands, this.#posts]) lane.clear()
    const over = new AbortController()
    await Promise.race([idle, sleep(clock, LAST_MS, over.signal)])
    over.abort()
    for (const timer of this.#timers.values()) timer.cancel()
    this.#saving?.cancel()
    await this.#started
    await this.#save()
  }

  /** Nothing is forgotten: it is kept by us before it is not kept any more where it was. */
  async #takeLeft(): Promise<void> {
    const { clock, targets } = this.#options
    const isOver = ({ firstAt }: Delivery) => clock.now() - firstAt > GIVE_UP_MS
    // what other recorders of the folder have left is theirs, but not for ever
    const isOurs = (delivery: Delivery) => targets.has(delivery.source) || isOver(delivery)
    const { deliveries, forget } = await this.#file.takeLeft(isOurs)
    if (deliveries.length === 0) return forget()
    for (const delivery of deliveries.slice(-MOST_WAITING)) {
      const target = this.#targetOf(delivery)
      if (target && 'url' in target) this.#enqueue(delivery, target)
    }
    await this.#save()
    await forget()
  }

  #enqueue(delivery: Delivery, target: HookTarget): void {
    if ('command' in target) return this.#commands.push(() => this.#run(delivery, target.command))
    this.#pending.set(delivery.id, delivery)
    this.#posts.push(() => this.#post(delivery, target.url))
  }

  async #run(delivery: Delivery, command: readonly string[]): Promise<void> {
    const { clock, directory, env = process.env } = this.#options
    const { signal } = this.#stop
    const name = basename(command[0])
    const options = { input: `${delivery.body}\n`, timeoutMs: COMMAND_MS, clock, signal }
    try {
      const result = await runProgram(command, { ...options, env: environmentOf(delivery, directory, env) })
      const said = printable(
        redactText(
          result.words
            .trim()
            .split(/[\r\n]+/)
            .at(-1) ?? '',
        ),
      )
      const how = result.expired
        ? `took more than ${COMMAND_MS / 1000} s and was ended`
        : (result.signal ? `was ended by ${result.signal}` : `exited with code ${result.code}`) + (said && `: ${said}`)
      this.#failed(delivery, result.code === 0 && !result.expired ? undefined : `${name} ${how}`)
    } catch (error) {
      // Node's own message repeats every argument
      this.#failed(delivery, `${name} cannot be started (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
    }
  }

  async #post(delivery: Delivery, url: string): Promise<void> {
    const { clock, targets } = this.#options
    const { signal } = this.#stop
    const { body, source } = delivery
    const headers = headersOf(delivery, targets.get(source)?.secret)
    try {
      const status = await post(url, { body, headers, timeoutMs: POST_MS, clock, signal })
      if (status < 200 || status >= 300)
        return this.#retry(delivery, url, `${redactUrl(url)} answers ${status}`, status)
      this.#pending.delete(delivery.id)
      this.#failed(delivery, undefined)
      if (delivery.attempts > 0) this.#saveSoon()
    } catch (thrown) {
      const error = toIsrError(thrown, 'ISR_SOURCE_RESET')
      // what was cut short by a stop is told after the next start
      if (signal.aborted) return
      const words =
        error instanceof IsrError && thrown === error ? error.message : `${redactUrl(url)}: ${error.message}`
      this.#retry(delivery, url, redactText(words))
    }
  }

  #retry(failed: Delivery, url: string, why: string, status?: number): void {
    const { clock } = this.#options
    const delivery = { ...failed, attempts: failed.attempts + 1 }
    const delayMs = retryDelayMs(RETRY, delivery.attempts, undefined, Math.random()) ?? GIVE_UP_MS
    const isOver = status === GONE || clock.now() + delayMs - delivery.firstAt > GIVE_UP_MS
    this.#failed(delivery, isOver ? `${why}; it was not told` : `${why}; it is tried again for a day`, isOver)
    this.#saveSoon()
    if (isOver) return void this.#pending.delete(delivery.id)
    this.#pending.set(delivery.id, delivery)
    const timer = clock.after(delayMs, () => {
      this.#timers.delete(delivery.id)
      this.#posts.push(() => this.#post(delivery, url))
    })
    this.#timers.set(delivery.id, timer)
  }

  #targetOf({ source, event }: Delivery): HookTarget | undefined {
    return this.#options.targets.get(source)?.[HOOK_OF[event]]
  }

  #failed({ source, event }: Delivery, why: string | undefined, isOver = false): void {
    const message = why === undefined ? undefined : `${event} could not be told: ${why}`
    this.#warn(source, `on_${HOOK_OF[event]}${isOver ? ' for good' : ''}`, message, 'hook-failed')
  }

  /** Once for as long as it lasts. */
  #warn(source: string, key: string, message: string | undefined, code = key): void {
    const known = `${source}\n${key}`
    if (message === undefined) return void this.#told.delete(known)
    if (this.#told.has(known)) return
    this.#told.add(known)
    this.#options.onWarning({ source, code, message })
  }

  #saveSoon(): void {
    if (this.#stop.signal.aborted) return
    this.#saving ??= this.#options.clock.after(SAVE_AFTER_MS, () => {
      this.#saving = undefined
      void this.#save()
    })
  }

  #save(): Promise<void> {
    // a volume that fails is told of by the recorders; what waits is still in memory
    const write = () => this.#file.write([...this.#pending.values()], this.#stop.signal.aborted)
    this.#saved = this.#saved.then(() => write().catch(() => {}))
    return this.#saved
  }
}
