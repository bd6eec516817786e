/** The layout that a device really gives. */
export interface DeviceSetup {
  readonly sampleRateHz?: number
  readonly channels?: number
}

/** What is told of as it is said. */
export interface ProgramWordsOptions {
  /** Samples were lost: at least so many milliseconds. */
  readonly onOverrun: (lostMs: number, line: string) => void
  /** The machine slept, or the device did. */
  readonly onSuspend: (line: string) => void
}

const OVERRUN = /overrun!!! \(at least ([\d.]+) ms long\)/
const SUSPENDED = /^Suspended\. Trying resume/
const SETTING = /^\s+(rate|channels)\s*: (\d+)$/
const RATE_WARNING = /^Warning: rate is not accurate/

/** A line longer than this is no message. */
const LINE_LIMIT = 4000

/**
 * Understands what a capture program says while it runs.
 * @source alsa-utils aplay.c: set_params, xrun, suspend
 */
export class ProgramWords {
  readonly #options: ProgramWordsOptions
  #line = ''
  #setup: DeviceSetup = {}
  #rateWarning?: string

  constructor(options: ProgramWordsOptions) {
    this.#options = options
  }

  /** What was said of the layout so far. */
  get setup(): DeviceSetup {
    return this.#setup
  }

  /** The program's own warning that the rate is another one; absent when there is none. */
  get rateWarning(): string | undefined {
    return this.#rateWarning
  }

  /** Takes text as it comes. */
  push(text: string): void {
    const lines = (this.#line + text).split(/[\r\n]/)
    this.#line = (lines.pop() ?? '').slice(0, LINE_LIMIT)
    for (const line of lines) this.#take(line)
    // "Suspended. Trying resume. " waits for its end until the device is back
    if (SUSPENDED.test(this.#line)) this.#take(this.#line)
  }

  #take(line: string): void {
    const [, overrunMs] = OVERRUN.exec(line) ?? []
    if (overrunMs !== undefined) return this.#options.onOverrun(Number(overrunMs), line.trim())
    if (SUSPENDED.test(line)) return this.#options.onSuspend(line.trim())
    if (RATE_WARNING.test(line)) this.#rateWarning = line.trim()
    const [, key, value] = SETTING.exec(line) ?? []
    // the first setup is that of the device that was named, others are of what lies below it
    if (key === 'rate') this.#setup = { sampleRateHz: Number(value), ...this.#setup }
    if (key === 'channels') this.#setup = { channels: Number(value), ...this.#setup }
  }
}
