import { StorageError } from '../../../errors.js'
import type { Patch } from '../../../model.js'
import { storageFault } from '../../storage-fault.js'
import { writeWhole, type Disk } from '../disk.js'
import { publish, type SharedMemory } from '../shared-memory.js'

/** What an {@link OpenFile} is made of. */
export interface OpenFileOptions {
  readonly disk: Disk
  readonly memory: SharedMemory
  /** Its place in the shared memory. */
  readonly slot: number
  /** Its number in the journal; never used twice. */
  readonly serial: number
  readonly name: string
  readonly path: string
  /** Open for reading and writing. */
  readonly handle: number
  /** Tells one file of that name from another. */
  readonly inode: number
  readonly onFault: (slot: number, fault: StorageError) => void
}

/** A growing file as the thread of its volume sees it. */
export class OpenFile {
  readonly #options: OpenFileOptions
  #writtenBytes = 0
  #syncedBytes = 0
  #durableBytes = 0
  /** What stands in the journal without a hole, and how far the journal was flushed. */
  #journal = { fromBytes: 0, toBytes: 0, flushedBytes: 0 }
  #isPatched = false
  #fault?: StorageError
  #isEnded = false

  constructor(options: OpenFileOptions) {
    this.#options = options
    publish(options.memory, options.slot, 0, 0)
  }

  /** Its number in the journal. */
  get serial(): number {
    return this.#options.serial
  }

  /** Storage key. */
  get name(): string {
    return this.#options.name
  }

  /** Tells one file of that name from another. */
  get inode(): number {
    return this.#options.inode
  }

  /** Why it takes no more. */
  get fault(): StorageError | undefined {
    return this.#fault
  }

  /** Whether it was committed: nothing is added any more, and its place in the shared memory is another's. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** What stays for sure. */
  get durableBytes(): number {
    return this.#durableBytes
  }

  /** Size so far. */
  get writtenBytes(): number {
    return this.#writtenBytes
  }

  /** Whether the file itself, journal aside, holds what is not durable. */
  get isDirty(): boolean {
    return !this.#fault && (this.#writtenBytes > this.#syncedBytes || this.#isPatched)
  }

  /** Whether all that was written stands in the journal or is durable in the file. */
  get isJournaled(): boolean {
    const { fromBytes, toBytes } = this.#journal
    return (
      this.#writtenBytes <= (this.#syncedBytes >= fromBytes ? Math.max(toBytes, this.#syncedBytes) : this.#syncedBytes)
    )
  }

  /** Adds bytes. @returns whether it could */
  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.#fault) return false
    const { disk, handle } = this.#options
    try {
      for (let done = 0; done < bytes.length;) {
        const taken = await disk.write(handle, bytes, done, bytes.length - done, this.#writtenBytes)
        done += taken
        this.#writtenBytes += taken
      }
      this.#publish()
      return true
    } catch (error) {
      await this.#fail(error, 'write')
      return false
    }
  }

  /** The bytes from `fromBytes` to the end were added to the journal. */
  journaled(fromBytes: number): void {
    if (fromBytes !== this.#journal.toBytes) this.#journal.fromBytes = fromBytes
    this.#journal.toBytes = this.#writtenBytes
  }

  /** What was added to the journal is durable there. */
  journalFlushed(): void {
    this.#journal.flushedBytes = this.#journal.toBytes
    this.#publish()
  }

  /** Forces the file to disk. @returns how long that took, 0 where it failed @param now - a clock */
  async sync(now: () => number): Promise<number> {
    if (this.#fault) return 0
    const { disk, handle } = this.#options
    try {
      const startMs = now()
      try {
        await disk.datasync(handle)
      } catch (error) {
        if (this.#durableBytes <= this.#syncedBytes) throw error
        await this.#writeAgain()
      }
      const tookMs = now() - startMs
      const syncedBytes = this.#writtenBytes
      await this.checkName()
      this.#syncedBytes = syncedBytes
      this.#isPatched = false
      this.#publish()
      return tookMs
    } catch (error) {
      // the page may be gone, though reading it back gives what was written
      this.#durableBytes = this.#syncedBytes
      await this.#fail(error, 'write', false)
      return 0
    }
  }

  /** A file that was removed takes bytes for ever, and nobody will read them: that is a fault, too. @throws {@link StorageError} */
  async checkName(): Promise<void> {
    const { disk, handle, path } = this.#options
    if ((await disk.stat(handle)).nlink > 0) return
    throw new StorageError('ISR_STORAGE_NOT_FOUND', `cannot write ${path}: it was removed while it was recorded`)
  }

  /** As {@link OpenFile.checkName}, for a file that only the journal has made durable. */
  async watchName(): Promise<void> {
    if (this.#fault) return
    await this.checkName().catch((error: unknown) => this.#fail(error, 'write', false))
  }

  /** Writes over what stands there. @throws {@link StorageError} */
  async patch(patches: readonly Patch[]): Promise<void> {
    if (this.#fault) throw this.#fault
    const { disk, handle } = this.#options
    try {
      for (const { offsetBytes, bytes } of patches) await writeWhole(disk, handle, bytes, offsetBytes)
      this.#isPatched ||= patches.length > 0
    } catch (error) {
      await this.#fail(error, 'finish', false)
      throw storageFault(error, 'finish', this.#options.path)
    }
  }

  /** Takes away what is not known to be durable: it is written to another file. Never rejects. */
  async cut(keepBytes: number): Promise<void> {
    const { disk, handle } = this.#options
    try {
      if ((await disk.stat(handle)).size <= keepBytes) return
      await disk.truncate(handle, keepBytes)
      await disk.datasync(handle)
    } catch {
      // a volume that does not even do that keeps what it has
    }
  }

  /** It was committed; only the file itself is still to be flushed. */
  end(): void {
    this.#isEnded = true
  }

  /** Never rejects. */
  async close(): Promise<void> {
    try {
      await this.#options.disk.close(this.#options.handle)
    } catch {
      // what it held was flushed before
    }
  }

  #publish(): void {
    const { fromBytes, flushedBytes } = this.#journal
    const inJournal = this.#syncedBytes >= fromBytes ? flushedBytes : 0
    this.#durableBytes = Math.max(this.#durableBytes, this.#syncedBytes, inJournal)
    this.#tell()
  }

  #tell(): void {
    const { memory, slot } = this.#options
    if (!this.#isEnded) publish(memory, slot, this.#writtenBytes, this.#durableBytes)
  }

  /** What was only in the journal is still to be read: written once more, it gets a second chance. */
  async #writeAgain(): Promise<void> {
    const { disk, handle } = this.#options
    const piece = new Uint8Array(256 * 1024)
    for (let at = this.#syncedBytes; at < this.#writtenBytes;) {
      const length = await disk.read(handle, piece, 0, Math.min(piece.length, this.#writtenBytes - at), at)
      if (length === 0) break
      await writeWhole(disk, handle, piece.subarray(0, length), at)
      at += length
    }
    await disk.datasync(handle)
  }

  /** @param rescue - whether what was written may still be made durable */
  async #fail(error: unknown, action: string, rescue = true): Promise<void> {
    if (this.#fault) return
    const { disk, handle, slot, path, onFault } = this.#options
    try {
      if (rescue) {
        await disk.datasync(handle)
        this.#syncedBytes = this.#writtenBytes
        this.#publish()
      }
    } catch {
      this.#durableBytes = this.#syncedBytes
    }
    this.#fault = storageFault(error, action, path)
    this.#tell()
    if (!this.#isEnded) onFault(slot, this.#fault)
  }
}
