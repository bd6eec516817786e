import type { EpochMs, Patch } from '../model.js'

/** Writes one growing recording. */
export interface RecordingWriter {
  /** The name that was really taken: `name`, or with a suffix `_1`, `_2`, ... when it existed. */
  readonly name: string
  /** Queues bytes in order; never waits for the disk, never throws. */
  append(bytes: Uint8Array): void
  /** Bytes queued and not yet durable. */
  readonly unsyncedBytes: number
  /** Bytes queued and not yet taken by the system; absent when nobody knows. Never more than `unsyncedBytes`. */
  readonly waitingBytes?: number
  /** Rejects with {@link StorageError} when the volume failed; stays pending while all is well. Never unhandled. */
  readonly failed: Promise<never>
  /**
   * Writes all that is queued, applies `patches`, forces the file to disk and closes it. A file that has failed is closed, and what
   * `unsyncedBytes` tells is cut off where the volume lets it: those bytes may go to another file, and are in one only.
   * @throws {@link StorageError}
   */
  commit(patches: readonly Patch[]): Promise<void>
}

/** A file in a storage. */
export interface StoredFile {
  /** Storage key. */
  readonly name: string
  /** Size in bytes. */
  readonly sizeBytes: number
  /** Last change. */
  readonly modifiedAt: EpochMs
}

/** Where recordings are kept. One file per kind in `storages/`; all pass one contract test. */
export interface Storage {
  /** Where it is, for people. */
  readonly location: string
  /** How often growing files are made durable, in seconds; absent when at once, or nobody knows. */
  readonly syncSeconds?: number
  /**
   * Creates a recording that did not exist (O_EXCL, with `_1`, `_2`, ... before the extension when it did).
   * @throws {@link StorageError}
   */
  create(name: string): Promise<RecordingWriter>
  /** @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  read(name: string, range?: { readonly startByte: number; readonly endByte?: number }): AsyncIterable<Uint8Array>
  /** Every file, in no order. */
  list(): AsyncIterable<StoredFile>
  /** @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  remove(name: string): Promise<void>
}

/** A new version of a file, written beside it and unseen until it takes its place. */
export interface Replacement {
  /** Adds bytes at the end; resolves when more may come. @throws {@link StorageError} */
  write(bytes: Uint8Array): Promise<void>
  /** Writes over what stands there already. @throws {@link StorageError} */
  patch(patches: readonly Patch[]): Promise<void>
  /** What it holds so far. @throws {@link StorageError} */
  read(): AsyncIterable<Uint8Array>
  /** Forces it to disk and puts it in the place of the old file in one step. @throws {@link StorageError} */
  commit(): Promise<void>
  /** Drops it; the old file stays. Harmless after `commit`. Never rejects. */
  abandon(): Promise<void>
}

/** A storage in which repair can finish what a crash left behind. */
export interface MendableStorage extends Storage {
  /** One file, as `list` tells of it. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  stat(name: string): Promise<StoredFile>
  /** Begins a new version of a file. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  replace(name: string): Promise<Replacement>
  /**
   * Writes over bytes of a file in place, and on at its end; durable when it resolves. Only for what may be torn by another crash
   * without harm. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND`
   */
  overwrite(name: string, patches: readonly Patch[]): Promise<void>
}

/** A file that is made in one go: it has its name only when it is whole, and nothing is ever overwritten. */
export interface NewFile {
  /** Where it will be. */
  readonly path: string
  /** Adds bytes at the end; resolves when more may come. @throws {@link StorageError} */
  write(bytes: Uint8Array): Promise<void>
  /** Writes over what stands there already. @throws {@link StorageError} */
  patch(patches: readonly Patch[]): Promise<void>
  /** Forces it to disk and gives it its name. @throws {@link StorageError} `ISR_STORAGE_EXISTS` when somebody took that name meanwhile */
  commit(): Promise<void>
  /** Drops it: nothing of it stays. Harmless after `commit`. Never rejects. */
  abandon(): Promise<void>
}
