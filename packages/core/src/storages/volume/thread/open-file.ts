import { StorageError } from '../../../errors.js'
import type { Patch } from '../../../model.js'
import { storageFault } from '../../storage-fault.js'
import { writeWhole, type Disk } from '../disk.js'
import { flushed, type Flush, type Flushed, type Flusher } from '../flush/flusher.js'
import { publishDurable, publishWritten, type SharedMemory } from '../shared/shared-memory.js'

/** What an {@link OpenFile} is made of. */
export interface OpenFileOptions {
  readonly disk: Disk
  readonly flusher: Flusher
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
  /** Its name is durable. */
  readonly named: Promise<void>
  readonly onFault: (slot: number, fault: StorageError) => void
}

/** A flush of it that has not ended, and what it takes. */
interface Flushing {
  readonly flush: Flush
  bytes: number
  patches: number
  /** How long it took in milliseconds, 0 where it failed. */
  done: Promise<number>
}

/** A growing file as the thread of its volume sees it. */
export class OpenFile {
  readonly #options: OpenFileOptions
  #writtenBytes = 0
  #syncedBytes = 0
  #durableBytes = 0
  /** What stands in the journal without a hole, and how far the journal was flushed. */
  #journal = { fromBytes: 0, toBytes: 0, flushedBytes: 0 }
  /** How often its head was corrected, and how much of that is durable. */
  #patches = 0
  #syncedPatches = 0
  #isNamed = false
  #flushing?: Flushing
  /** Two things that take a while: what only the journal has is written once more; what is left of a file that fails is found out. */
  #rescuing?: Promise<void>
  #failing?: Promise<void>
  /** A flush of it has failed. */
  #isDoubtful = false
  #fault?: StorageError
  #isEnded = false
  #isClosed = false

  constructor(options: OpenFileOptions) {
    this.#options = options
    publishWritten(options.memory, options.slot, 0)
    publishDurable(options.memory, options.slot, 0, true)
    const named = () => {
      this.#isNamed = true
      this.#publish()
    }
    options.named.then(named, (error: unknown) => this.#fail(error, 'create', false))
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

  /** Resolves when its name is durable, or its fault is known. */
  get named(): Promise<void> {
    return this.#options.named.catch(() => {})
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

  /** What stays of one that fails. */
  async whatStays(): Promise<number> {
    await this.#failing
    return this.#durableBytes
  }

  /** Size so far. */
  get writtenBytes(): number {
    return this.#writtenBytes
  }

  /** Whether the file itself, journal aside, holds what is not durable. */
  get isDirty(): boolean {
    return !this.#fault && (this.#writtenBytes > this.#syncedBytes || this.#patches > this.#syncedPatches)
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
    const { disk, handle, memory, slot } = this.#options
    try {
      for (let done = 0; done < bytes.length;) {
        const taken = await disk.write(handle, bytes, done, bytes.length - done, this.#writtenBytes)
        done += taken
        this.#writtenBytes += taken
      }
      publishWritten(memory, slot, this.#writtenBytes)
      return true
    } catch (error) {
      publishWritten(memory, slot, this.#writtenBytes)
      void this.#fail(error, 'write')
      return false
    }
  }

  /** The bytes from `fromBytes` to the end were added to the journal. */
  journaled(fromBytes: number): void {
    if (fromBytes !== this.#journal.toBytes) this.#journal.fromBytes = fromBytes
    this.#journal.toBytes = this.#writtenBytes
  }

  /** How far it stands in the journal. */
  get journaledBytes(): number {
    return this.#journal.toBytes
  }

  /** It is durable in the journal so far. */
  journalFlushed(toBytes: number): void {
    if (this.#fault) return
    this.#journal.flushedBytes = toBytes
    if (this.#isNamed) this.#publish()
  }

  /**
   * Forces to disk what is written by now.
   * @param isUrgent - somebody waits for it
   * @returns how long that took in milliseconds, 0 where it failed
   */
  async sync(isUrgent: boolean): Promise<number> {
    for (let flushing = this.#flushing; flushing; flushing = this.#flushing) {
      const isHurried = isUrgent && flushing.flush.hurry()
      if (isHurried) Object.assign(flushing, { bytes: this.#writtenBytes, patches: this.#patches })
      const tookMs = await endOf(flushing)
      // one that had begun may have missed what was written last
      if (isHurried) return tookMs
    }
    if (this.#fault || this.#isClosed) return 0
    const { flusher, handle, slot } = this.#options
    const bytes = this.#writtenBytes
    const isPublished = !isUrgent && this.#isNamed && !this.#isEnded
    const flush = flusher.flush({ handle, isUrgent, ...(isPublished && { publishes: { slot, bytes } }) })
    const flushing: Flushing = { flush, bytes, patches: this.#patches, done: Promise.resolve(0) }
    this.#flushing = flushing
    flushing.done = this.#end(flushing)
    return flushing.done
  }

  /** Never rejects. */
  async #end(flushing: Flushing): Promise<number> {
    let tookMs = 0
    try {
      const flushed = await flushing.flush.done.catch(async (error: unknown) => {
        if (this.#durableBytes <= this.#syncedBytes) throw error
        return this.#writeAgain()
      })
      if (flushed.links === 0) throw this.#removed()
      await this.#options.named
      tookMs = flushed.tookMs
      this.#syncedBytes = Math.max(this.#syncedBytes, flushing.bytes)
      this.#syncedPatches = Math.max(this.#syncedPatches, flushing.patches)
      this.#publish()
    } catch (error) {
      // the page may be gone, though reading it back gives what was written
      this.#isDoubtful = true
      void this.#fail(error, 'write', false)
    }
    this.#flushing = undefined
    return tookMs
  }

  /** A file that was removed takes bytes for ever, and nobody will read them: that is a fault, too. @throws {@link StorageError} */
  async checkName(): Promise<void> {
    const { disk, handle } = this.#options
    if ((await disk.stat(handle)).nlink === 0) throw this.#removed()
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
      await this.#rescuing
      for (const { offsetBytes, bytes } of patches) await writeWhole(disk, handle, bytes, offsetBytes)
      this.#patches += patches.length
    } catch (error) {
      await this.#fail(error, 'finish', false)
      throw storageFault(error, 'finish', this.#options.path)
    }
  }

  /** Takes away what is not known to be durable: it is written to another file. Never rejects. */
  async cut(keepBytes: number): Promise<void> {
    const { disk, flusher, handle } = this.#options
    try {
      await this.#failing
      if ((await disk.stat(handle)).size <= keepBytes) return
      await disk.truncate(handle, keepBytes)
      await flushed(flusher, handle)
    } catch {
      // a volume that does not even do that keeps what it has
    }
  }

  /** It was committed; only the file itself is still to be flushed. */
  end(): void {
    this.#isEnded = true
  }

  /** Waits for what is known of it, and closes it. Never rejects. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isEnded = true
    this.#isClosed = true
    try {
      while (this.#flushing) await endOf(this.#flushing)
      await this.#failing
      await this.#options.disk.close(this.#options.handle)
    } catch {
      // what it held was flushed before
    }
  }

  #removed(): StorageError {
    const { path } = this.#options
    return new StorageError('ISR_STORAGE_NOT_FOUND', `cannot write ${path}: it was removed while it was recorded`)
  }

  #publish(): void {
    const { memory, slot } = this.#options
    const { fromBytes, flushedBytes } = this.#journal
    const inJournal = this.#syncedBytes >= fromBytes ? flushedBytes : 0
    this.#durableBytes = Math.max(this.#durableBytes, this.#syncedBytes, inJournal)
    if (!this.#isEnded) publishDurable(memory, slot, this.#durableBytes)
  }

  /** What was only in the journal is still to be read: written once more, it gets a second chance. */
  #writeAgain(): Promise<Flushed> {
    const written = this.#copyOnItself()
    this.#rescuing = written.then(
      () => {},
      () => {},
    )
    return written.then(() => this.#options.flusher.flush({ handle: this.#options.handle, isUrgent: true }).done)
  }

  async #copyOnItself(): Promise<void> {
    const { disk, handle } = this.#options
    const piece = new Uint8Array(256 * 1024)
    for (let at = this.#syncedBytes; at < this.#writtenBytes;) {
      const length = await disk.read(handle, piece, 0, Math.min(piece.length, this.#writtenBytes - at), at)
      if (length === 0) break
      await writeWhole(disk, handle, piece.subarray(0, length), at)
      at += length
    }
  }

  /** From now on it takes nothing. @param rescue - whether what was written may still be made durable */
  #fail(error: unknown, action: string, rescue = true): Promise<void> {
    if (!this.#failing) {
      this.#fault = storageFault(error, action, this.#options.path)
      this.#failing = this.#settle(this.#fault, rescue)
    }
    return this.#failing
  }

  async #settle(fault: StorageError, rescue: boolean): Promise<void> {
    const { flusher, handle, memory, slot, onFault } = this.#options
    const bytes = this.#writtenBytes
    try {
      // a flush that failed before is not to be tried again: this one would say that all is well
      if (rescue && this.#flushing) await endOf(this.#flushing)
      if (rescue && !this.#isDoubtful) {
        await flushed(flusher, handle)
        this.#syncedBytes = bytes
        this.#publish()
      }
    } catch {
      this.#isDoubtful = true
    }
    if (this.#isDoubtful) this.#durableBytes = this.#syncedBytes
    if (this.#isEnded) return
    publishDurable(memory, slot, this.#durableBytes, true)
    onFault(slot, fault)
  }
}

/** Waits for it. */
function endOf({ flush, done }: Flushing): Promise<number> {
  flush.want()
  return done
}
