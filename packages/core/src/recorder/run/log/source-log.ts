import type { FrameSpan } from '../../../formats/frame-span.js'
import type { EpochMs, MonotonicMs } from '../../../model.js'
import { afterAbout } from '../../../time/about.js'
import { sleep, type Clock, type Timer } from '../../../time/clock.js'

/** A file of which frames are in memory. */
export interface LoggedFile {
  /** Looks how much of it is durable by now. */
  settle(): void
  /** When its oldest frames that are not durable were taken; undefined when all are. */
  readonly oldestAtMs: MonotonicMs | undefined
  /** Bytes that wait in this process for the volume. */
  readonly behindBytes: number
  /** Gives up the oldest of its frames: there is no room for them. */
  overflow(): void
  /** Whether it waits for its volume to take files again. */
  readonly isWaiting: boolean
  /** The volume takes bytes again: goes on in a file, when it has waited for that. */
  tryAgain(): void
  /** Nobody waits for the volume any more: what is not durable is lost. @returns whether something was */
  giveUp(): boolean
}

/** Received audio that is not durable yet. */
export interface BufferState {
  /** Age of the oldest frame that is not durable yet, in seconds; 0 when all are. */
  readonly lagSeconds: number
  /** Audio that is not durable yet, in seconds. */
  readonly bufferedSeconds: number
  /** Its size in memory, in bytes. */
  readonly bufferedBytes: number
}

/** What a {@link SourceLog} needs. */
export interface SourceLogOptions {
  readonly clock: Clock
  /** Most audio that is kept, in seconds. */
  readonly bufferSeconds: number
  /** How often files are made durable, in seconds. */
  readonly syncSeconds: number
  /** The lag is too long, or well again. */
  readonly onLag: (event: BufferState & { readonly at: EpochMs; readonly isLate: boolean }) => void
}

/** Lag that is told of. */
const LAG_MS = 5000
/** Where files are forced to disk more seldom, so many times in a row did not do. */
const SYNCS = 3
const LAGGING_LOOK_MS = 1000
/** A look that is so late: this process was asleep, and the disk could say nothing. */
const ASLEEP_MS = 1000
/** Beyond this only so much audio is kept: eight channels of 96 kHz are 3 MB a second. */
const MOST_BYTES = 64 * 1024 * 1024
const LEAST_SECONDS = 30
/** So much of a file may wait in this process for a volume that is slower than a source that can wait. */
const MOST_BEHIND_BYTES = 4 * 1024 * 1024
/** A source that can wait does so until its volume has caught up. */
const ROOM_LOOK_MS = 5
/** A connection that has brought so much more audio than time has passed can wait: it is a download, no burst. */
const AHEAD_SECONDS = 30

/**
 * The frames of one source that are not durable, over all of its files: bounded in seconds and bytes. What is older than the bound allows
 * is given up; a source that can wait is made to wait instead.
 */
export class SourceLog {
  readonly #options: SourceLogOptions
  readonly #lateMs: number
  /** In the order of their beginning. */
  readonly #files = new Set<LoggedFile>()
  #seconds = 0
  #bytes = 0
  #isLagging = false
  #watch?: Timer
  #lookAtMs: MonotonicMs = 0
  #waitedSeconds = 0
  #isLive = true
  /** Of this connection. */
  #connectedAtMs: MonotonicMs = 0
  /** The connection before could wait, and left more behind than a live one may. */
  #catchesUp = false
  #takenSeconds = 0

  constructor(options: SourceLogOptions) {
    this.#options = options
    this.#lateMs = Math.max(LAG_MS, SYNCS * options.syncSeconds * 1000)
  }

  /** How long a source that can wait has waited for room. */
  get waitedSeconds(): number {
    return this.#waitedSeconds
  }

  /** A connection begins; `isLive`: its audio happens as it comes. */
  connected(isLive: boolean): void {
    this.#isLive = isLive
    this.#connectedAtMs = this.#options.clock.monotonicMs()
    this.#takenSeconds = 0
    this.#catchesUp = this.#isOver
  }

  /** How it stands now. */
  get state(): BufferState {
    for (const file of this.#files) file.settle()
    return {
      lagSeconds: this.#lagMs / 1000,
      // sums and differences of thousands of spans
      bufferedSeconds: this.#bytes === 0 ? 0 : Math.round(this.#seconds * 1e6) / 1e6,
      bufferedBytes: this.#bytes,
    }
  }

  /** The volume takes bytes again. */
  tryAgain(): void {
    for (const file of [...this.#files]) file.tryAgain()
  }

  /** Nobody waits for the volume any more. @returns whether something is lost for that */
  giveUp(): boolean {
    return [...this.#files].map((file) => file.giveUp()).includes(true)
  }

  /** A file begins. */
  open(file: LoggedFile): void {
    this.#files.add(file)
  }

  /** All of a file is durable, or lost. */
  close(file: LoggedFile): void {
    this.#files.delete(file)
    if (this.#files.size === 0 && !this.#isLagging) this.#endWatch()
  }

  /** Frames came into the log of a file. */
  take(span: FrameSpan): void {
    this.#bytes += span.bytes.length
    this.#seconds += span.durationSeconds
    this.#takenSeconds += span.durationSeconds
    if (!this.#watch) this.#lookAfter(this.#lateMs)
    while (this.#isOver && !this.#canWait) {
      const before = this.#bytes
      for (const file of this.#files) file.settle()
      if (this.#isOver) this.#oldest?.overflow()
      if (this.#bytes === before) return
    }
  }

  /** Frames left the log of a file. */
  give(span: FrameSpan): void {
    this.#bytes -= span.bytes.length
    this.#seconds -= span.durationSeconds
  }

  /** For a source that can wait: resolves when there is room; undefined when there is. */
  room(signal: AbortSignal): Promise<void> | undefined {
    return this.#isFull && this.#canWait ? this.#waitForRoom(signal) : undefined
  }

  /** Nothing is told of the lag any more. */
  stop(): void {
    this.#endWatch()
  }

  /** What is not live can wait, and so can what is far ahead of its time: until it is not any more. */
  get #canWait(): boolean {
    if (!this.#isLive || this.#isCatchingUp) return true
    const seconds = (this.#options.clock.monotonicMs() - this.#connectedAtMs) / 1000
    return this.#takenSeconds - seconds > AHEAD_SECONDS
  }

  get #isCatchingUp(): boolean {
    return (this.#catchesUp &&= this.#isOver)
  }

  get #isFull(): boolean {
    if (this.#bytes > MOST_BYTES || this.#isCatchingUp) return true
    // most chunks are far from it
    if (this.#bytes <= MOST_BEHIND_BYTES) return false
    for (const file of this.#files) if (file.behindBytes > MOST_BEHIND_BYTES) return true
    return false
  }

  get #isOver(): boolean {
    if (this.#seconds > this.#options.bufferSeconds) return true
    return this.#bytes > MOST_BYTES && this.#seconds > LEAST_SECONDS
  }

  get #oldest(): LoggedFile | undefined {
    for (const file of this.#files) if (file.oldestAtMs !== undefined) return file
    return undefined
  }

  get #lagMs(): number {
    const since = this.#oldest?.oldestAtMs
    return since === undefined ? 0 : this.#options.clock.monotonicMs() - since
  }

  async #waitForRoom(signal: AbortSignal): Promise<void> {
    for (const file of this.#files) file.settle()
    while (this.#isFull && this.#canWait && !signal.aborted) {
      await sleep(this.#options.clock, ROOM_LOOK_MS, signal)
      this.#waitedSeconds += ROOM_LOOK_MS / 1000
      for (const file of this.#files) file.settle()
    }
  }

  #look(): void {
    this.#watch = undefined
    const { clock, onLag } = this.#options
    if (clock.monotonicMs() - this.#lookAtMs > ASLEEP_MS) return this.#lookAfter(LAGGING_LOOK_MS)
    const { state } = this
    const isLagging = state.lagSeconds * 1000 >= this.#lateMs
    if (isLagging !== this.#isLagging) {
      this.#isLagging = isLagging
      onLag({ ...state, isLate: isLagging, at: clock.now() })
    }
    if (this.#files.size === 0) return
    const nextMs = isLagging ? LAGGING_LOOK_MS : Math.max(LAGGING_LOOK_MS, this.#lateMs - state.lagSeconds * 1000)
    this.#lookAfter(nextMs)
  }

  #lookAfter(delayMs: number): void {
    const { clock } = this.#options
    this.#lookAtMs = clock.monotonicMs() + delayMs
    this.#watch = afterAbout(clock, delayMs, () => this.#look())
  }

  #endWatch(): void {
    this.#watch?.cancel()
    this.#watch = undefined
  }
}
