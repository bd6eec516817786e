import type { Disk } from '../disk.js'
import type { Flush, Flushed, Flusher, FlushRequest } from './flusher.js'

interface Waiting {
  request: FlushRequest
  readonly resolve: (flushed: Flushed) => void
  readonly reject: (error: unknown) => void
}

/** What a {@link DirectFlusher} works with. */
export interface DirectFlusherOptions {
  readonly disk: Disk
  readonly now: () => number
  readonly publishDurable: (slot: number, bytes: number) => void
}

/** Where there is no thread: as the disk lets it. */
export class DirectFlusher implements Flusher {
  readonly #options: DirectFlusherOptions
  #waiting: Waiting[] = []
  #isRunning = false

  constructor(options: DirectFlusherOptions) {
    this.#options = options
  }

  flush(request: FlushRequest): Flush {
    let waiting!: Waiting
    const done = new Promise<Flushed>((resolve, reject) => {
      waiting = { request, resolve, reject }
    })
    this.#waiting.push(waiting)
    if (!this.#isRunning) void this.#run()
    return { done, hurry: () => this.#hurry(waiting), want: () => {} }
  }

  #hurry(waiting: Waiting): boolean {
    if (!this.#waiting.includes(waiting)) return false
    // behind those that are urgent already
    this.#waiting = [...this.#waiting.filter((one) => one !== waiting), waiting]
    waiting.request = { ...waiting.request, isUrgent: true }
    return true
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (;;) {
      const urgent = this.#waiting.findIndex(({ request }) => request.isUrgent)
      const [next] = this.#waiting.splice(Math.max(0, urgent), 1)
      if (!next) break
      await this.#do(next.request).then(next.resolve, next.reject)
    }
    this.#isRunning = false
  }

  async #do({ handle, isWhole, publishes }: FlushRequest): Promise<Flushed> {
    const { disk, now, publishDurable } = this.#options
    const startMs = now()
    await (isWhole ? disk.sync(handle) : disk.datasync(handle))
    const tookMs = now() - startMs
    const { nlink: links } = await disk.stat(handle)
    if (publishes && links > 0) publishDurable(publishes.slot, publishes.bytes)
    return { tookMs, links }
  }
}
