import { IsrError, toIsrError } from '../../errors.js'

/**
 * Calls a method of a plug-in.
 * @param whose - for people: `the muxer of format flac`
 * @throws {@link IsrError} `ISR_PLUGIN_FAILED`, naming whose method failed, whatever was thrown
 */
export function callPlugin<T>(whose: string, method: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw pluginError(whose, method, error)
  }
}

/** What a plug-in threw, or rejected with, as an error that names it. */
export function pluginError(whose: string, method: string, error: unknown): IsrError {
  const { message } = toIsrError(error, 'ISR_PLUGIN_FAILED')
  return new IsrError('ISR_PLUGIN_FAILED', `${whose} failed in ${method}(): ${message}`, { cause: error })
}

/**
 * The one place of a run where code of others may fail. Who attempts something knows what becomes of the bytes concerned; that the
 * run ends, and why, is said here.
 */
export class PluginGuard {
  readonly #onFault: (error: IsrError) => void
  #fault?: IsrError

  /** @param onFault - told of each failure; must not throw */
  constructor(onFault: (error: IsrError) => void) {
    this.#onFault = onFault
  }

  /** The first failure; undefined when there was none. */
  get fault(): IsrError | undefined {
    return this.#fault
  }

  /** Does work that calls plug-ins; never throws. @returns whether it was done whole */
  attempt(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      const fault = toIsrError(error, 'ISR_PLUGIN_FAILED')
      this.#fault ??= fault
      this.#onFault(fault)
      return false
    }
  }
}
