import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Clock, Timer } from '../../time/clock.js'
import { ownIdentity } from '../presence/process-identity.js'
import { JOURNAL_FOLDER } from './journal/layout.js'
import type { GroupCommit } from './protocol.js'
import type { Volume } from './volume.js'

/** At most so long waits what was appended for what is appended elsewhere: one wake-up takes all. */
const BATCH_MS = 100

/** How the files of a folder are written. */
export interface LaneOptions {
  readonly directory: string
  readonly clock: Clock
  /** From one flush to the next; 0 leaves it to the system. */
  readonly syncMs: number
  readonly groupCommit: GroupCommit
  readonly journalHalfBytes: number
  /** Most bytes of one file that wait for the volume. */
  readonly mostWaitingBytes: number
}

/** A file with bytes that wait. */
export interface LaneFile {
  /** Copies to the slabs what fits. @returns whether that was all */
  hand(): boolean
  /** It is at the end of a batch that was sent, or none of it is left. */
  sent(): void
}

/** The way from one folder to the thread of its volume: what is appended at about the same time goes in one batch. */
export class Lane {
  readonly volume: Volume
  readonly folder: number
  readonly options: LaneOptions
  readonly #dirty = new Set<LaneFile>()
  #planned?: Timer
  #isPlanned = false
  #waitsForRoom = false
  /** The batch before. */
  #sentMs = -Infinity
  #syncedMs = -Infinity
  #syncTimer?: Timer
  #open = 0
  /** A file has begun since then. */
  #hasBegun = false

  private constructor(volume: Volume, options: LaneOptions) {
    this.volume = volume
    this.options = options
    this.folder = volume.nextNumber()
  }

  /** Opens one. */
  static async open(volume: Volume, options: LaneOptions): Promise<Lane> {
    const lane = new Lane(volume, options)
    const { directory, groupCommit, journalHalfBytes, syncMs } = options
    volume.open({
      folder: lane.folder,
      path: directory,
      groupCommit: syncMs > 0 ? groupCommit : 'never',
      journalPath: join(directory, JOURNAL_FOLDER, `${process.pid}-${randomBytes(4).toString('hex')}.bin`),
      journalHalfBytes,
      writer: await ownIdentity(),
    })
    return lane
  }

  /** A file begins; `leave` when it ends. */
  enter(): void {
    this.#open++
    this.#hasBegun = true
  }

  /** A file has ended. */
  leave(): void {
    if (--this.#open > 0) return
    this.#syncTimer?.cancel()
    this.#syncTimer = undefined
  }

  /** A file has bytes that wait. */
  add(file: LaneFile): void {
    this.#dirty.add(file)
    if (this.#isPlanned || this.#waitsForRoom) return
    this.#isPlanned = true
    const { clock } = this.options
    const dueMs = this.#sentMs + BATCH_MS - clock.monotonicMs()
    if (dueMs > 0) this.#planned = clock.after(dueMs, () => this.flush())
    else setImmediate(() => this.#isPlanned && this.flush())
  }

  /** A file has many bytes that wait. */
  hurry(file: LaneFile): void {
    this.#dirty.add(file)
    if (!this.#waitsForRoom) this.flush()
  }

  /** A file is given up. */
  forget(file: LaneFile): void {
    this.#dirty.delete(file)
  }

  /** Sends what waits, now. */
  flush(): void {
    this.#planned?.cancel()
    this.#planned = undefined
    this.#isPlanned = false
    const handed: LaneFile[] = []
    let isAll = this.volume.hasRoom || this.#dirty.size === 0
    for (const file of isAll ? this.#dirty : []) {
      handed.push(file)
      isAll = file.hand()
      if (!isAll) break
      this.#dirty.delete(file)
    }
    const nowMs = this.options.clock.monotonicMs()
    if (handed.length > 0) this.#send(nowMs)
    for (const file of handed) if (!this.#dirty.has(file)) file.sent()
    if (isAll || this.#waitsForRoom) return
    this.#waitsForRoom = true
    this.volume.whenRoom(() => {
      this.#waitsForRoom = false
      this.flush()
    })
  }

  /**
   * The flush goes with a batch when it is nearly due: one wake-up for both. It goes with every batch that comes after a pause, too:
   * audio that was read once a second must not wait nearly another second because flushes came to lie between two reads; and with
   * the first bytes of a file, which come a moment after the others of the same read.
   */
  #send(nowMs: number): void {
    const { syncMs: intervalMs } = this.options
    const hasPaused = nowMs - this.#sentMs >= intervalMs / 2
    const isDue = intervalMs > 0 && (hasPaused || this.#hasBegun || nowMs - this.#syncedMs >= intervalMs - BATCH_MS)
    this.#sentMs = nowMs
    this.#hasBegun = false
    if (isDue) this.#syncedMs = nowMs
    this.volume.send(this.folder, nowMs, isDue ? { nowMs, intervalMs } : undefined)
    if (intervalMs > 0) this.#planSync(nowMs, isDue)
  }

  #planSync(nowMs: number, wasSynced: boolean): void {
    const { clock, syncMs } = this.options
    if (wasSynced) {
      this.#syncTimer?.cancel()
      this.#syncTimer = undefined
      return
    }
    if (this.#syncTimer || this.#open === 0) return
    this.#syncTimer = clock.after(Math.max(0, this.#syncedMs + syncMs - nowMs), () => {
      this.#syncTimer = undefined
      const nowMs = clock.monotonicMs()
      this.#syncedMs = nowMs
      if (this.volume.hasRoom) this.volume.send(this.folder, nowMs, { nowMs, intervalMs: syncMs })
    })
  }
}
