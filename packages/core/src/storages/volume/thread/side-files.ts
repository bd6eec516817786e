import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../../../errors.js'
import { storageFault } from '../../storage-fault.js'
import type { Disk } from '../disk.js'
import type { TaskResult, VolumeTask } from '../protocol.js'
import { flushed, type Flusher } from '../flush/flusher.js'
import { allDurable, type NewName, type NewNames } from './folders.js'

const NEWLINE = 0x0a
const TAIL_BYTES = 64 * 1024
const { O_RDWR, O_CREAT, O_APPEND, O_TRUNC } = constants

interface SideFile {
  readonly path: string
  readonly handle: number
  /** Which file of which volume. */
  readonly identity: string
  readonly names: readonly NewName[]
  /** Flushes that have not ended. */
  flushes: Promise<void>
  isFailed: boolean
}

type SideTask = Extract<VolumeTask, { readonly side: number }>

/** What a {@link SideFiles} works with. */
export interface SideFilesOptions {
  readonly disk: Disk
  readonly flusher: Flusher
  readonly names: NewNames
}

/** A task of which the writing is done. */
export interface Begun {
  readonly result: TaskResult
  /** Resolves when it is durable; rejects with {@link StorageError}. */
  readonly durable: Promise<void>
}

/** Files beside the recordings: that of the ledger, of levels. */
export class SideFiles {
  readonly #options: SideFilesOptions
  readonly #files = new Map<number, SideFile>()

  constructor(options: SideFilesOptions) {
    this.#options = options
  }

  /** Does what must be done in its turn; what is to be durable becomes so beside other work. @throws {@link StorageError} */
  async begin(task: SideTask): Promise<Begun> {
    const file = this.#files.get(task.side)
    const path = task.type === 'open' ? task.path : (file?.path ?? 'a file that is closed')
    const fault = (error: unknown) => {
      // the next append opens it again: its folder may have been removed and made anew
      if (task.type === 'open' || this.#files.get(task.side) === file) void this.#forget(task.side)
      return storageFault(error, task.type === 'open' ? 'open' : 'write', path)
    }
    try {
      if (task.type === 'open')
        return { result: { sizeBytes: await this.#open(task.side, task.path, task.kind) }, durable: Promise.resolve() }
      if (task.type === 'append') await this.#append(task.side, task.bytes)
      const flushing = task.sync && file ? this.#flush(file) : Promise.resolve()
      const durable = flushing.catch((error: unknown) => {
        throw fault(error)
      })
      if (task.type === 'close') void this.#forget(task.side)
      return { result: {}, durable }
    } catch (error) {
      throw fault(error)
    }
  }

  async #open(side: number, path: string, kind: 'lines' | 'anew'): Promise<number> {
    void this.#forget(side)
    const { disk, names } = this.#options
    const made = await names.makeFolder(dirname(path))
    const handle = await disk.open(path, kind === 'lines' ? O_RDWR | O_CREAT | O_APPEND : O_RDWR | O_CREAT | O_TRUNC)
    const facts = await disk.stat(handle)
    const { size } = facts
    const add = (names: readonly NewName[]) =>
      this.#files.set(side, {
        ...{ path, handle, names },
        identity: identityOf(facts),
        flushes: Promise.resolve(),
        isFailed: false,
      })
    add(made)
    if (kind === 'anew') return 0
    const keep = await endOfLastLine(disk, handle, size)
    if (keep < size) await disk.truncate(handle, keep)
    if (size === 0) add([...made, await names.of(dirname(path))])
    return keep
  }

  async #append(side: number, bytes: Uint8Array): Promise<void> {
    const { disk } = this.#options
    const { handle, path, identity } = this.#of(side)
    // lines in a file that was removed, or is elsewhere since its folder was moved or mounted again, would be lost without a word
    if ((await this.#identityAt(path)) !== identity)
      throw new StorageError('ISR_STORAGE_NOT_FOUND', `cannot write ${path}: it was removed, or is another file now`)
    for (let done = 0; done < bytes.length;) done += await disk.write(handle, bytes, done, bytes.length - done, null)
  }

  /** After a flush that failed the next one says that all is well, and it is not. */
  async #flush(file: SideFile): Promise<void> {
    const flushing = flushed(this.#options.flusher, file.handle)
    file.flushes = Promise.allSettled([file.flushes, flushing]).then(() => {})
    try {
      await flushing
      await allDurable(file.names)
    } catch (error) {
      file.isFailed = true
      throw error
    }
    if (file.isFailed) throw new StorageError('ISR_STORAGE_FAILED', `cannot write ${file.path}: a flush has failed`)
  }

  /** Undefined when nothing has that name. */
  async #identityAt(path: string): Promise<string | undefined> {
    try {
      return identityOf(await this.#options.disk.statName(path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  #of(side: number): SideFile {
    const file = this.#files.get(side)
    if (!file) throw new StorageError('ISR_STORAGE_FAILED', 'a file beside the recordings is not open any more')
    return file
  }

  async #forget(side: number): Promise<void> {
    const file = this.#files.get(side)
    this.#files.delete(side)
    try {
      await file?.flushes
      if (file) await this.#options.disk.close(file.handle)
    } catch {
      // it is closed all the same
    }
  }
}

function identityOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`
}

async function endOfLastLine(disk: Disk, handle: number, size: number): Promise<number> {
  for (let length = TAIL_BYTES; size > 0; length *= 2) {
    const tail = Buffer.alloc(Math.min(size, length))
    await disk.read(handle, tail, 0, tail.length, size - tail.length)
    const newline = tail.lastIndexOf(NEWLINE)
    if (newline >= 0) return size - tail.length + newline + 1
    if (tail.length === size) break
  }
  return 0
}
