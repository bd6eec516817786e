import { closeSync, constants, fstat, open as openFile, type Stats } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { liesWithin, type Clock } from '@isr/core'

/** A file that is open for reading. */
export interface OpenedFile {
  /** Descriptor; valid until `release`. */
  readonly fd: number
  /** Size in bytes when it was looked at, at most {@link LOOK_MS} ago. */
  readonly sizeBytes: number
  /** Last change. */
  readonly modifiedAt: number
  /** Where it stays open. */
  readonly slot: OpenSlot
  /** Gives it back. */
  release(): void
}

const LOOK_MS = 1000
const MAX_OPEN = 64
const open = promisify(openFile)
const look = promisify(fstat)

/** A file that stays open for whoever comes next. */
export class OpenSlot {
  /** Descriptor; closed when the file was dropped and nobody reads it. */
  readonly fd: number
  /** Size in bytes when it was looked at. */
  readonly sizeBytes: number
  /** Last change. */
  readonly modifiedAt: number
  readonly #clock: Clock
  readonly #lookedAtMs: number
  #users = 0
  #dropped = false

  constructor(fd: number, { size, mtimeMs }: Stats, clock: Clock) {
    this.fd = fd
    this.sizeBytes = size
    this.modifiedAt = mtimeMs
    this.#clock = clock
    this.#lookedAtMs = clock.monotonicMs()
  }

  /** Whether it is open and was looked at a moment ago. Who reads at once, before anything else runs, need not borrow it. */
  get isCurrent(): boolean {
    return !this.#dropped && this.#clock.monotonicMs() - this.#lookedAtMs <= LOOK_MS
  }

  /** It stays open until what is lent was released. */
  lend(): OpenedFile {
    this.#users++
    let lent = true
    return {
      fd: this.fd,
      sizeBytes: this.sizeBytes,
      modifiedAt: this.modifiedAt,
      slot: this,
      release: () => {
        if (!lent) return
        lent = false
        this.#users--
        this.#closeUnused()
      },
    }
  }

  /** Closes it when its readers are done. */
  drop(): void {
    this.#dropped = true
    this.#closeUnused()
  }

  #closeUnused(): void {
    if (this.#dropped && this.#users === 0) closeSync(this.fd)
  }
}

/**
 * Files of a folder that are read again and again, as players do, stay open for a second. A name may hold links: what was opened is
 * looked at, and nothing that lies outside of the folder is read.
 */
export class OpenFiles {
  readonly #clock: Clock
  readonly #slots = new Map<string, OpenSlot>()
  readonly #directory: string

  /**
   * @param directory - nothing outside of it is ever opened
   * @param clock - for the age of what was looked at
   */
  constructor(directory: string, clock: Clock) {
    this.#directory = directory
    this.#clock = clock
  }

  /** The file if it is open already; costs nothing. */
  peek(name: string): OpenedFile | undefined {
    const slot = this.#slots.get(name)
    if (slot?.isCurrent) return slot.lend()
    this.drop(name)
    return undefined
  }

  /**
   * @param name - checked: no `..`, no absolute path
   * @throws what the file system says: `ENOENT`, `EACCES`, ...; `ENOENT` for what is no file or lies elsewhere
   */
  async open(name: string): Promise<OpenedFile> {
    const known = this.peek(name)
    if (known) return known
    const path = join(this.#directory, name)
    // without O_NONBLOCK a pipe that somebody put there would hang a thread
    const fd = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = await look(fd)
      if (!stats.isFile() || !(await liesWithin(this.#directory, path, fd, stats)))
        throw Object.assign(new Error(`${path} is no file of the folder`), { code: 'ENOENT' })
      return this.#keep(name, new OpenSlot(fd, stats, this.#clock)).lend()
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  /** Forgets a file: the next reader opens it anew. */
  drop(name: string): void {
    this.#slots.get(name)?.drop()
    this.#slots.delete(name)
  }

  /** Closes what nobody reads; the rest when its readers are done. */
  close(): void {
    for (const name of [...this.#slots.keys()]) this.drop(name)
  }

  #keep(name: string, slot: OpenSlot): OpenSlot {
    this.drop(name)
    for (const [oldest] of this.#slots) {
      if (this.#slots.size < MAX_OPEN) break
      this.drop(oldest)
    }
    this.#slots.set(name, slot)
    return slot
  }
}
