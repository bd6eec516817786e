import { join } from 'node:path'
import { LEVEL_LOG_HEADER, type LevelLogSink } from '../../analysis/level-log/level-log.js'
import { toIsrError, type IsrError } from '../../errors.js'
import { AppendFile } from '../../storages/append-file.js'
import { safeComponent } from '../../storages/safe-name.js'

/** Lines that wait for a volume that fails: a day. */
const MOST_WAITING = 1440
/** Leaves room for the rest of the name. */
const MOST_NAME_BYTES = 200

/**
 * A level log as files beside the recordings, one a day: `levels_<source>_2026-11-22.csv`. What it cannot write waits, and is tried
 * again with the next line.
 */
export class LevelLogFiles implements LevelLogSink {
  readonly #directory: string
  readonly #source: string
  readonly #onFault: (error: IsrError) => void
  #waiting: { readonly day: string; readonly line: string }[] = []
  #file?: AppendFile
  #writing: Promise<void> = Promise.resolve()

  /**
   * @param directory - of the recordings
   * @param source - whose levels
   * @param onFault - told each time that lines cannot be written
   */
  constructor(directory: string, source: string, onFault: (error: IsrError) => void) {
    this.#directory = directory
    this.#source = source
    this.#onFault = onFault
  }

  write(day: string, line: string): void {
    this.#waiting.push({ day, line })
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift()
    this.#writing = this.#writing.then(() => this.#writeAll())
  }

  async rest(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#file?.close())
    await this.#writing
  }

  async #writeAll(): Promise<void> {
    try {
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        const file = await this.#fileOf(next.day)
        const isNew = !file.isOpen && (await file.open()) === 0
        await file.append(isNew ? LEVEL_LOG_HEADER + next.line : next.line)
        this.#waiting = this.#waiting.filter((waiting) => waiting !== next)
      }
    } catch (error) {
      this.#onFault(toIsrError(error, 'ISR_STORAGE_FAILED'))
    }
  }

  async #fileOf(day: string): Promise<AppendFile> {
    const path = join(this.#directory, `levels_${safeComponent(this.#source, MOST_NAME_BYTES)}_${day}.csv`)
    if (this.#file?.path === path) return this.#file
    await this.#file?.close()
    this.#file = new AppendFile(path)
    return this.#file
  }
}
