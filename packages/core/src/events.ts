import { EventEmitter } from 'eventemitter3'

/** A map of event names to listeners that each take one payload. */
export type EventMap<Events> = { [K in keyof Events]: (payload: never) => unknown }

/** The listening half of an emitter: users cannot emit. */
export interface Listenable<Events extends EventMap<Events>> {
  /** Calls `listener` at each `event`. A listener that throws or rejects breaks nothing. */
  on<K extends keyof Events>(event: K, listener: Events[K]): this
  /** Calls `listener` at the next `event` only. */
  once<K extends keyof Events>(event: K, listener: Events[K]): this
  /** Removes `listener` from `event`. */
  off<K extends keyof Events>(event: K, listener: Events[K]): this
}

/** What to do with the fault of a listener. */
export type ListenerFaultHandler = (fault: { readonly event: string; readonly error: unknown }) => void

/**
 * An emitter held privately by the class that announces: every listener is guarded, synchronous or async.
 * eventemitter3 alone would abort the emit at the first throwing listener and leave rejections unhandled.
 */
export class GuardedEmitter<Events extends EventMap<Events>> {
  readonly #emitter = new EventEmitter()
  /** By listener, then by event: the fault of a listener of several events names the right one. */
  readonly #guards = new WeakMap<object, Map<string, (payload: unknown) => void>>()
  readonly #onFault: ListenerFaultHandler
  /** By event, who wants to know whether it is listened to; and what was told last. */
  readonly #watches = new Map<PropertyKey, { isHeard: boolean; readonly onChange: (isHeard: boolean) => void }>()

  /** @param onFault - told of each fault of a listener; must not throw */
  constructor(onFault: ListenerFaultHandler = () => {}) {
    this.#onFault = onFault
  }

  /** Announces `payload` to every listener of `event`; never throws. */
  emit<K extends keyof Events & string>(event: K, payload: Parameters<Events[K]>[0]): void {
    this.#emitter.emit(event, payload)
    // who listens once has listened
    this.#look(event)
  }

  /**
   * Tells when somebody begins to listen to `event`, and when nobody does any more: lets an announcer begin and end what is costly.
   * @param onChange - replaces the one before; must not throw
   */
  watch(event: keyof Events & string, onChange: (isHeard: boolean) => void): void {
    this.#watches.set(event, { isHeard: false, onChange })
    this.#look(event)
  }

  /** Number of listeners of `event`: lets an announcer skip costly payloads. */
  listenerCount(event: keyof Events & string): number {
    return this.#emitter.listenerCount(event)
  }

  /** See {@link Listenable.on}. */
  on(event: PropertyKey, listener: (payload: never) => unknown): void {
    this.#emitter.on(event as string, this.#guard(String(event), listener))
    this.#look(event)
  }

  /** See {@link Listenable.once}. */
  once(event: PropertyKey, listener: (payload: never) => unknown): void {
    this.#emitter.once(event as string, this.#guard(String(event), listener))
    this.#look(event)
  }

  /** See {@link Listenable.off}. */
  off(event: PropertyKey, listener: (payload: never) => unknown): void {
    const guard = this.#guards.get(listener)?.get(String(event))
    if (!guard) return
    this.#emitter.off(event as string, guard)
    this.#look(event)
  }

  #look(event: PropertyKey): void {
    const watch = this.#watches.get(event)
    const isHeard = watch !== undefined && this.#emitter.listenerCount(event as string) > 0
    if (!watch || watch.isHeard === isHeard) return
    watch.isHeard = isHeard
    watch.onChange(isHeard)
  }

  #guard(event: string, listener: (payload: never) => unknown): (payload: unknown) => void {
    const guards = this.#guards.get(listener) ?? new Map<string, (payload: unknown) => void>()
    this.#guards.set(listener, guards)
    const known = guards.get(event)
    if (known) return known
    const fault = (error: unknown) => this.#onFault({ event, error })
    const guard = (payload: unknown) => {
      try {
        const result = listener(payload as never)
        if (isThenable(result)) result.then(undefined, fault)
      } catch (error) {
        fault(error)
      }
    }
    guards.set(event, guard)
    return guard
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}

/** Base of classes that announce: exposes listening, keeps emitting to itself. */
export abstract class Announcer<Events extends EventMap<Events>> implements Listenable<Events> {
  /** Emits; for the class itself and those it hands it to, never for users. */
  protected readonly events: GuardedEmitter<Events>

  constructor(onFault?: ListenerFaultHandler) {
    this.events = new GuardedEmitter<Events>(onFault)
  }

  on<K extends keyof Events>(event: K, listener: Events[K]): this {
    this.events.on(event, listener)
    return this
  }

  once<K extends keyof Events>(event: K, listener: Events[K]): this {
    this.events.once(event, listener)
    return this
  }

  off<K extends keyof Events>(event: K, listener: Events[K]): this {
    this.events.off(event, listener)
    return this
  }
}
