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
  /** Gives it back. */
  release(): void
}

interface Slot {
  readonly fd: number
  readonly stats: Stats
  readonly lookedAtMs: number
  users: number
  dropped: boolean
}

const LOOK_MS = 1000
const MAX_OPEN = 64
const open = promisify(openFile)
const look = promisify(fstat)

/**
 * Files of a folder that are read again and again, as players do, stay open for a second. A name may hold links: what was opened is
 * looked at, and nothing that lies outside of the folder is read.
 */
export class OpenFiles {
  readonly #clock: Clock
  readonly #slots = new Map<string, Slot>()
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
    if (!slot) return undefined
    if (this.#clock.monotonicMs() - slot.lookedAtMs <= LOOK_MS) return lend(slot)
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
      return lend(this.#keep(name, { fd, stats, lookedAtMs: this.#clock.monotonicMs(), users: 0, dropped: false }))
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  /** Forgets a file: the next reader opens it anew. */
  drop(name: string): void {
    const slot = this.#slots.get(name)
    if (!slot) return
    this.#slots.delete(name)
    slot.dropped = true
    closeUnused(slot)
  }

  /** Closes what nobody reads; the rest when its readers are done. */
  close(): void {
    for (const name of [...this.#slots.keys()]) this.drop(name)
  }

  #keep(name: string, slot: Slot): Slot {
    this.drop(name)
    for (const [oldest] of this.#slots) {
      if (this.#slots.size < MAX_OPEN) break
      this.drop(oldest)
    }
    this.#slots.set(name, slot)
    return slot
  }
}

function lend(slot: Slot): OpenedFile {
  slot.users++
  let lent = true
  return {
    fd: slot.fd,
    sizeBytes: slot.stats.size,
    modifiedAt: slot.stats.mtimeMs,
    release: () => {
      if (!lent) return
      lent = false
      slot.users--
      closeUnused(slot)
    },
  }
}

function closeUnused(slot: Slot): void {
  if (slot.dropped && slot.users === 0) closeSync(slot.fd)
}
