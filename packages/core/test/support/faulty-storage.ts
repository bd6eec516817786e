import { StorageError } from '../../src/errors.js'
import type { Patch } from '../../src/model.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import type { RecordingWriter } from '../../src/storages/storage.js'
import type { FakeClock } from '../../src/testing/fake-clock.js'

const SYNC_MS = 1000

/**
 * A volume that fails when told. It forces bytes to disk every second, as files do. What was not forced when it fails stands in the
 * file all the same when `tears` is set: a file then holds more than is known to be safe.
 */
export class FaultyStorage extends MemoryStorage {
  /** Nothing can be created, written or forced to disk while it is set. */
  fault?: StorageError
  /** Nothing comes to an end while it is set. */
  hangs = false
  /** Only these fail. */
  onlyNames?: (name: string) => boolean
  tears = true
  created = 0
  readonly #clock: FakeClock

  constructor(clock: FakeClock) {
    super(clock)
    this.#clock = clock
  }

  /** The volume fails from now on. */
  break(code: 'ISR_STORAGE_FULL' | 'ISR_STORAGE_FAILED' | 'ISR_STORAGE_DENIED' = 'ISR_STORAGE_FULL'): void {
    this.fault = new StorageError(code, 'the volume fails')
  }

  /** It is well again. */
  mend(): void {
    delete this.fault
    this.hangs = false
  }

  faultOf(name: string): StorageError | undefined {
    return this.fault && (this.onlyNames?.(name) ?? true) ? this.fault : undefined
  }

  async whenItMoves(): Promise<void> {
    while (this.hangs) await new Promise<void>((resolve) => void this.#clock.after(50, resolve))
  }

  override async create(name: string): Promise<RecordingWriter> {
    await this.whenItMoves()
    const fault = this.faultOf(name)
    if (fault) throw fault
    this.created++
    return new FaultyWriter(this, await super.create(name), this.#clock)
  }
}

class FaultyWriter implements RecordingWriter {
  readonly name: string
  readonly failed: Promise<never>
  #fail!: (error: StorageError) => void
  #fault?: StorageError
  #unsynced = 0
  #waiting: Uint8Array[] = []
  #syncing = false

  constructor(
    readonly storage: FaultyStorage,
    readonly inner: RecordingWriter,
    readonly clock: FakeClock,
  ) {
    this.name = inner.name
    this.failed = new Promise((_, reject) => (this.#fail = reject))
    this.failed.catch(() => {})
  }

  get unsyncedBytes(): number {
    return this.#unsynced
  }

  append(bytes: Uint8Array): void {
    this.#unsynced += bytes.length
    if (this.#fault) return
    if (this.storage.tears) this.inner.append(bytes)
    else this.#waiting.push(bytes)
    if (this.#syncing) return
    this.#syncing = true
    this.clock.after(SYNC_MS, () => void this.#sync())
  }

  async commit(patches: readonly Patch[]): Promise<void> {
    await this.storage.whenItMoves()
    this.#check()
    if (this.#fault) throw this.#fault
    this.#take()
    await this.inner.commit(patches)
  }

  async #sync(): Promise<void> {
    this.#syncing = false
    await this.storage.whenItMoves()
    if (!this.#check()) this.#take()
  }

  #take(): void {
    for (const bytes of this.#waiting.splice(0)) this.inner.append(bytes)
    this.#unsynced = 0
  }

  #check(): boolean {
    const fault = this.storage.faultOf(this.name)
    if (fault && !this.#fault) {
      this.#fault = fault
      this.#fail(fault)
    }
    return this.#fault !== undefined
  }
}
