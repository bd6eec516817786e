import { join } from 'node:path'
import type { RecorderStatus } from '../recorder/events.js'
import { removeFile, writeFileAtomic } from '../storages/atomic-file.js'
import type { Clock, Timer } from '../time/clock.js'
import { statusReport } from './status-report.js'

/** What a {@link StatusFile} needs. */
export interface StatusFileOptions {
  readonly directory: string
  readonly clock: Clock
  readonly status: () => readonly RecorderStatus[]
}

const EVERY_MS = 2000

/** `status.json` beside the recordings: replaced whole every two seconds while recording, removed at a clean stop. */
export class StatusFile {
  readonly #options: StatusFileOptions
  readonly #path: string
  #timer?: Timer
  #writing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: StatusFileOptions) {
    this.#options = options
    this.#path = join(options.directory, 'status.json')
  }

  /** Begins to write. */
  start(): void {
    const { clock, status } = this.#options
    this.#timer = clock.after(EVERY_MS, () => {
      // a volume that fails is the recorders' business to tell
      this.#writing = writeFileAtomic(this.#path, `${JSON.stringify(statusReport(status(), clock.now()))}\n`).catch(
        () => {},
      )
      void this.#writing.then(() => {
        if (!this.#stopped) this.start()
      })
    })
  }

  /** Ends and removes the file. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#writing
    await removeFile(this.#path).catch(() => {})
  }
}
