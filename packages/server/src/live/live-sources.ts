import type { Clock, Library, ListenOptions, LiveAudio, LiveSink, LiveStream } from '@isr/core'
import type { StationView } from '../station-view.js'
import { FileFollower } from './file-follower.js'

/** What {@link LiveSources} work with. */
export interface LiveSourcesOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Knows which files grow. */
  readonly library: Library
  /** The recorder, when it runs in this process. */
  readonly station?: StationView
  readonly clock: Clock
}

/** Enough for browsers to begin at once. */
const KEEP_SECONDS = 2

/** What is recorded now, to be heard: from the recorder of this process, or from the files that another one writes. */
export class LiveSources {
  readonly #options: LiveSourcesOptions
  readonly #followers = new Map<string, FileFollower>()

  constructor(options: LiveSourcesOptions) {
    this.#options = options
    for (const { source } of options.station?.status.sources ?? []) {
      const live = options.station?.live?.(source)
      if (live) live.keepSeconds = KEEP_SECONDS
    }
  }

  /** Whether there is, or ever was, a source of that name. */
  knows(source: string): boolean {
    const { library, station } = this.#options
    return station?.live?.(source) !== undefined || library.find({ sources: [source], limit: 1 }).entries.length > 0
  }

  /** Begins to listen to a source; undefined when nothing of that name is recorded now. */
  async listen(source: string, sink: LiveSink, options: ListenOptions): Promise<LiveStream | undefined> {
    const live: LiveAudio | undefined = this.#options.station?.live?.(source)
    if (live) return live.listen(sink, options)
    let follower = this.#followers.get(source)
    if (!follower) {
      follower = new FileFollower({ ...this.#options, source, keepSeconds: KEEP_SECONDS })
      this.#followers.set(source, follower)
      follower.onIdle = () => void this.#followers.delete(source)
    }
    return follower.listen(sink, options)
  }

  /** Ends what is heard. */
  close(): void {
    for (const follower of this.#followers.values()) follower.close()
    for (const { source } of this.#options.station?.status.sources ?? []) this.#options.station?.live?.(source)?.end()
  }
}
