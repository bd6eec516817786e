import { join } from 'node:path'
import {
  FileAccess,
  GrowingFrames,
  LiveAudio,
  type Clock,
  type Library,
  type LibraryEntry,
  type ListenOptions,
  type LiveSink,
  type LiveStream,
  type Timer,
} from '@isr/core'

/** What a {@link FileFollower} works with. */
export interface FileFollowerOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Knows which file grows. */
  readonly library: Library
  /** Whose files. */
  readonly source: string
  /** See {@link LiveAudio.keepSeconds}. */
  readonly keepSeconds: number
  readonly clock: Clock
}

const LOOK_MS = 400
/** Among them is the one that follows. */
const LATEST_FILES = 10
/** Files that do not grow for so long are those of a recorder that is gone, or of a source that is lost. */
const PATIENCE_MS = 10_000

/** Hears what another process records: reads its growing file, and the next one, while somebody listens. */
export class FileFollower {
  /** Told when nobody listens any more: it reads nothing from then on. */
  onIdle: () => void = () => {}
  readonly #options: FileFollowerOptions
  readonly #live: LiveAudio
  #entry: LibraryEntry | undefined
  #frames: GrowingFrames | undefined
  /** Whether the file goes on where the one before has ended. */
  #goesOn = false
  #timer: Timer | undefined
  #heardAtMs = 0
  #looking: Promise<void> | undefined

  constructor(options: FileFollowerOptions) {
    this.#options = options
    this.#live = new LiveAudio(options.source)
    this.#live.keepSeconds = options.keepSeconds
  }

  /** Begins to listen; undefined when no file of the source grows. */
  async listen(sink: LiveSink, options: ListenOptions): Promise<LiveStream | undefined> {
    this.#heardAtMs = this.#options.clock.monotonicMs()
    await this.#look()
    const stream = this.#live.listen(sink, options)
    if (stream) this.#again()
    else this.close()
    return stream
  }

  /** Ends what is heard. */
  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#live.end()
    this.onIdle()
  }

  #again(): void {
    this.#timer ??= this.#options.clock.after(LOOK_MS, () => {
      this.#timer = undefined
      const waitedMs = this.#options.clock.monotonicMs() - this.#heardAtMs
      if (this.#live.listeners === 0 || waitedMs > PATIENCE_MS) return this.close()
      void this.#look().then(() => this.#again())
    })
  }

  /** One look at a time. Never rejects: what cannot be read now may be read at the next look. */
  #look(): Promise<void> {
    this.#looking ??= this.#read()
      .catch(() => {})
      .finally(() => (this.#looking = undefined))
    return this.#looking
  }

  async #read(): Promise<void> {
    const { library } = this.#options
    const before = this.#entry
    // a file whose end is still being written goes on
    const isOver = before === undefined || library.get(before.name)?.state !== 'open'
    if (before) await this.#readFile(before)
    const next = isOver ? this.#next() : undefined
    if (!next) return
    this.#frames?.end()
    this.#goesOn = isNextOf(next, before)
    this.#frames = undefined
    this.#entry = next
    await this.#readFile(next)
  }

  /** The file after this one, or the latest that grows; undefined when there is none. */
  #next(): LibraryEntry | undefined {
    const { library, source } = this.#options
    const name = this.#entry?.name
    const { entries } = library.find({ sources: [source], limit: LATEST_FILES })
    const following = entries.find((one) => isNextOf(one, this.#entry))
    const [latest] = entries as readonly (LibraryEntry | undefined)[]
    return following ?? (latest?.name === name || latest?.state === 'closed' ? undefined : latest)
  }

  async #readFile({ name }: LibraryEntry): Promise<void> {
    const { directory } = this.#options
    const access = await FileAccess.open(join(directory, name), directory)
    try {
      if (!this.#frames) {
        this.#frames = await GrowingFrames.open(access, this.#goesOn ? 'start' : 'end', (span) => {
          this.#heardAtMs = this.#options.clock.monotonicMs()
          this.#live.push(span)
        })
        if (this.#goesOn) this.#live.continueAs(this.#frames.header)
      }
      await this.#frames.read(access)
    } finally {
      await access.close()
    }
  }
}

/** Whether one file goes on where the other has ended. */
function isNextOf({ run, sequence }: LibraryEntry, before: LibraryEntry | undefined): boolean {
  return run !== undefined && run === before?.run && sequence === (before.sequence ?? NaN) + 1
}
