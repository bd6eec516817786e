import { join } from 'node:path'
import type { RecorderStatus } from '../recorder/events.js'
import { removeFile, writeFileAtomic } from '../storages/atomic-file.js'
import type { Clock, Timer } from '../time/clock.js'
import { formatIso } from '../time/strftime.js'

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
    this.#timer = this.#options.clock.after(EVERY_MS, () => {
      // a volume that fails is the recorders' business to tell
      this.#writing = writeFileAtomic(this.#path, `${JSON.stringify(this.#content())}\n`).catch(() => {})
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

  #content(): object {
    const sources = this.#options.status()
    const active = sources.flatMap(({ recording }) => (recording ? [recording.name] : []))
    return {
      v: 1,
      pid: process.pid,
      updatedAt: formatIso(this.#options.clock.now()),
      activeFiles: active,
      sources: sources.map(({ recording, lastError, retryAt, ...rest }) => ({
        ...rest,
        ...(recording && {
          file: recording.name,
          startedAt: formatIso(recording.startedAt),
          durationSeconds: recording.durationSeconds,
          sizeBytes: recording.sizeBytes,
        }),
        ...(lastError && { lastError: { ...lastError, at: formatIso(lastError.at) } }),
        ...(retryAt !== undefined && { retryAt: formatIso(retryAt) }),
      })),
    }
  }
}
