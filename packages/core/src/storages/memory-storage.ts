import { StorageError } from '../errors.js'
import { concatBytes } from '../bytes/concat.js'
import type { Patch } from '../model.js'
import { systemClock, type Clock } from '../time/clock.js'
import { checkName, suffixedName } from './safe-name.js'
import type { MendableStorage, RecordingWriter, Replacement, StoredFile } from './storage.js'

interface MemoryFile {
  parts: Uint8Array[]
  modifiedAt: number
}

/** Recordings in memory: for tests, and for those who take them from there. */
export class MemoryStorage implements MendableStorage {
  readonly location = 'memory'
  readonly #files = new Map<string, MemoryFile>()
  readonly #clock: Clock

  /** @param clock - for modification times */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  create(name: string): Promise<RecordingWriter> {
    checkName(name)
    let attempt = 0
    while (this.#files.has(suffixedName(name, attempt))) attempt++
    const taken = suffixedName(name, attempt)
    const file: MemoryFile = { parts: [], modifiedAt: this.#clock.now() }
    this.#files.set(taken, file)
    return Promise.resolve(new MemoryWriter(taken, file, this.#clock))
  }

  async *read(
    name: string,
    range?: { readonly startByte: number; readonly endByte?: number },
  ): AsyncIterable<Uint8Array> {
    const whole = this.bytes(name)
    yield await Promise.resolve(whole.subarray(range?.startByte ?? 0, range?.endByte))
  }

  async *list(): AsyncIterable<StoredFile> {
    for (const [name, file] of this.#files) {
      yield await Promise.resolve({ name, sizeBytes: sizeOf(file), modifiedAt: file.modifiedAt })
    }
  }

  async remove(name: string): Promise<void> {
    if (!this.#files.delete(name)) throw notFound(name)
    await Promise.resolve()
  }

  async stat(name: string): Promise<StoredFile> {
    const sizeBytes = this.bytes(name).length
    return Promise.resolve({ name, sizeBytes, modifiedAt: this.#files.get(name)?.modifiedAt ?? 0 })
  }

  async replace(name: string): Promise<Replacement> {
    this.bytes(name)
    const copy: MemoryFile = { parts: [], modifiedAt: this.#files.get(name)?.modifiedAt ?? 0 }
    return Promise.resolve(new MemoryReplacement(copy, () => this.#files.set(name, copy)))
  }

  async overwrite(name: string, patches: readonly Patch[]): Promise<void> {
    this.bytes(name)
    const file = this.#files.get(name)
    if (file) applyPatches(file, patches)
    await Promise.resolve()
  }

  /** The whole recording as it stands. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  bytes(name: string): Uint8Array {
    const file = this.#files.get(name)
    if (!file) throw notFound(name)
    const whole = concatBytes(file.parts)
    file.parts = [whole]
    return whole
  }
}

class MemoryWriter implements RecordingWriter {
  readonly unsyncedBytes = 0
  readonly failed = new Promise<never>(() => {})

  constructor(
    readonly name: string,
    readonly file: MemoryFile,
    readonly clock: Clock,
  ) {}

  append(bytes: Uint8Array): void {
    this.file.parts.push(bytes)
    this.file.modifiedAt = this.clock.now()
  }

  commit(patches: readonly Patch[]): Promise<void> {
    applyPatches(this.file, patches)
    return Promise.resolve()
  }
}

class MemoryReplacement implements Replacement {
  constructor(
    readonly file: MemoryFile,
    readonly takePlace: () => void,
  ) {}

  write(bytes: Uint8Array): Promise<void> {
    this.file.parts.push(bytes)
    return Promise.resolve()
  }

  patch(patches: readonly Patch[]): Promise<void> {
    applyPatches(this.file, patches)
    return Promise.resolve()
  }

  async *read(): AsyncIterable<Uint8Array> {
    for (const part of this.file.parts) yield await Promise.resolve(part)
  }

  commit(): Promise<void> {
    this.takePlace()
    return Promise.resolve()
  }

  abandon(): Promise<void> {
    return Promise.resolve()
  }
}

/** A patch may reach beyond the end. */
function applyPatches(file: MemoryFile, patches: readonly Patch[]): void {
  if (patches.length === 0) return
  const ends = patches.map(({ offsetBytes, bytes }) => offsetBytes + bytes.length)
  const whole = new Uint8Array(Math.max(sizeOf(file), ...ends))
  whole.set(concatBytes(file.parts))
  for (const patch of patches) whole.set(patch.bytes, patch.offsetBytes)
  file.parts = [whole]
}

function sizeOf(file: MemoryFile): number {
  return file.parts.reduce((size, part) => size + part.length, 0)
}

function notFound(name: string): StorageError {
  return new StorageError('ISR_STORAGE_NOT_FOUND', `no recording ${JSON.stringify(name)}`)
}
