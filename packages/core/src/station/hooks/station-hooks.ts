import type { HookTargets, SourceConfig } from '../../config/station-config.js'
import type { Listenable } from '../../events.js'
import type { RecorderEvents } from '../../recorder/events.js'
import { HOOK_OF, type HookEventName } from './hook-event.js'
import { Hooks, type HooksOptions } from './hooks.js'

/** The hooks of a station: those of each folder keep together, for what is not told yet waits beside the recordings. */
export class StationHooks {
  readonly #hooks: readonly Hooks[]

  /** @param sources - without hooks it never does anything */
  constructor(sources: readonly SourceConfig[], options: Pick<HooksOptions, 'clock' | 'onWarning' | 'env'>) {
    const folders = new Map<string, Map<string, HookTargets>>()
    for (const { name, outputDirectory, hooks } of sources) {
      if (!hooks) continue
      const targets = folders.get(outputDirectory) ?? new Map<string, HookTargets>()
      folders.set(outputDirectory, targets.set(name, hooks))
    }
    this.#hooks = [...folders].map(([directory, targets]) => new Hooks({ ...options, directory, targets }))
  }

  /** Tells of what is announced there. */
  follow(events: Listenable<RecorderEvents>): void {
    if (this.#hooks.length === 0) return
    for (const name of Object.keys(HOOK_OF) as HookEventName[]) this.#tellOf(events, name)
  }

  /** Goes on with what an earlier run could not tell. */
  start(): void {
    for (const hooks of this.#hooks) void hooks.start()
  }

  /** Ends; see {@link Hooks.finish}. */
  async finish(hurry: AbortSignal): Promise<void> {
    await Promise.all(this.#hooks.map((hooks) => hooks.finish(hurry)))
  }

  #tellOf<K extends HookEventName>(events: Listenable<RecorderEvents>, name: K): void {
    const listener = (payload: Parameters<RecorderEvents[K]>[0]) => {
      for (const hooks of this.#hooks) hooks.tell(name, payload)
    }
    events.on(name, listener)
  }
}
