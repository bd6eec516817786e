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
    const { library, source } = this.#options
    // the end of a file comes before the beginning of the next
    if (this.#entry) await this.#readFile(this.#entry)
    const [latest] = library.find({ sources: [source], limit: 1 }).entries as readonly (LibraryEntry | undefined)[]
    if (!latest || latest.name === this.#entry?.name || latest.state === 'closed') return
    this.#goesOn = latest.run !== undefined && latest.run === this.#entry?.run
    this.#frames = undefined
    this.#entry = latest
    await this.#readFile(latest)
  }

  async #readFile({ name }: LibraryEntry): Promise<void> {
    const access = await FileAccess.open(join(this.#options.directory, name))
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
