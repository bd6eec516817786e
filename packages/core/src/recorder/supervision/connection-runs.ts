import type { IsrError } from '../../errors.js'
import type { Chunk, EpochMs, Loss } from '../../model.js'
import type { Run } from '../run/run.js'

/** What {@link ConnectionRuns} needs. */
export interface ConnectionRunsOptions {
  /** Makes a run; `startingAt`: the time of its first sample, when it is known. */
  readonly begin: (startingAt?: EpochMs) => Run
  /** Ends a run: no frame comes any more when it returns, all is on disk when its promise resolves. Must not reject. */
  readonly end: (run: Run, cause: IsrError) => Promise<void>
  /** Audio is missing from `endsAt` on, the end of `run`. */
  readonly onLoss: (endsAt: EpochMs, cause: IsrError, run: string) => void
}

/** The runs of one connection: one, and another one for each loss that the source tells of. A gap is never hidden inside a run. */
export class ConnectionRuns {
  readonly #options: ConnectionRunsOptions
  /** Ends under way: the reader never waits for the disk. */
  readonly #endings = new Set<Promise<void>>()
  #run: Run
  #earlierSeconds = 0

  constructor(options: ConnectionRunsOptions) {
    this.#options = options
    this.#run = options.begin()
  }

  /** The run that takes audio now. */
  get current(): Run {
    return this.#run
  }

  /** Audio that came over the connection so far, in seconds, recorded before or not. */
  get audioSeconds(): number {
    return this.#earlierSeconds + this.#run.heardSeconds
  }

  /** Takes one chunk; synchronous, never throws, never waits for the disk. */
  push(chunk: Chunk): void {
    // before the first audio nothing can be missing
    if (chunk.lossBefore && this.#run.audioSeconds > 0) this.#goOnAfter(chunk.lossBefore)
    this.#run.push(chunk)
  }

  /** Ends the last run; resolves when all are on disk. */
  async end(cause: IsrError): Promise<void> {
    await Promise.all([...this.#endings, this.#options.end(this.#run, cause)])
  }

  #goOnAfter({ seconds, cause }: Loss): void {
    const before = this.#run
    this.#earlierSeconds += before.heardSeconds
    const ending = this.#options.end(before, cause).then(() => void this.#endings.delete(ending))
    this.#endings.add(ending)
    const endsAt = before.audioEndsAt
    if (endsAt !== undefined) this.#options.onLoss(endsAt, cause, before.id)
    this.#run = this.#options.begin(endsAt === undefined ? undefined : endsAt + seconds * 1000)
  }
}
