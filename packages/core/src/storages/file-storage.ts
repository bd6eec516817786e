import { createReadStream } from 'node:fs'
import { open, opendir, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { StorageError } from '../errors.js'
import type { Patch } from '../model.js'
import { systemClock, type Clock } from '../time/clock.js'
import { FileReplacement } from './disk/file-replacement.js'
import { overwriteFile } from './disk/overwrite-file.js'
import { syncFolder } from './disk/sync-folder.js'
import { makeFolder } from './make-folder.js'
import { FileWriter } from './file-writer.js'
import { checkName, suffixedName } from './safe-name.js'
import type { MendableStorage, RecordingWriter, Replacement, StoredFile } from './storage.js'
import { storageFault } from './storage-fault.js'

/** Bytes read at a time. */
const READ_BYTES = 256 * 1024

/** Options of a {@link FileStorage}. */
export interface FileStorageOptions {
  /** Folder of the recordings; made when missing. */
  readonly directory: string
  /** How often growing files are forced to disk, in seconds; 0 leaves it to the system. @defaultValue 1 */
  readonly syncSeconds?: number
  /** Timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/** Recordings as files in a folder. A growing file has its final name; hidden files and folders are not recordings. */
export class FileStorage implements MendableStorage {
  readonly location: string
  readonly #syncMs: number
  readonly #clock: Clock

  constructor(options: FileStorageOptions) {
    this.location = options.directory
    this.#syncMs = (options.syncSeconds ?? 1) * 1000
    this.#clock = options.clock ?? systemClock
  }

  async create(name: string): Promise<RecordingWriter> {
    checkName(name)
    try {
      const directory = dirname(join(this.location, name))
      await makeFolder(directory)
      const { handle, taken } = await this.#createExclusively(name)
      await syncFolder(directory)
      return new FileWriter({
        name: taken,
        path: join(this.location, taken),
        handle,
        syncMs: this.#syncMs,
        clock: this.#clock,
      })
    } catch (error) {
      throw storageFault(error, 'create', join(this.location, name))
    }
  }

  async *read(
    name: string,
    range?: { readonly startByte: number; readonly endByte?: number },
  ): AsyncIterable<Uint8Array> {
    checkName(name)
    const path = join(this.location, name)
    const options = {
      highWaterMark: READ_BYTES,
      ...(range && { start: range.startByte, end: range.endByte === undefined ? Infinity : range.endByte - 1 }),
    }
    if (range?.endByte !== undefined && range.endByte <= range.startByte) return
    try {
      yield* createReadStream(path, options) as AsyncIterable<Uint8Array>
    } catch (error) {
      throw storageFault(error, 'read', path)
    }
  }

  async *list(): AsyncIterable<StoredFile> {
    try {
      for await (const entry of await opendir(this.location, { recursive: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const name = relative(this.location, path).split(sep).join('/')
        if (name.split('/').some((part) => part.startsWith('.'))) continue
        const facts = await stat(path).catch(() => undefined) // deleted meanwhile
        if (facts) yield { name, sizeBytes: facts.size, modifiedAt: facts.mtimeMs }
      }
    } catch (error) {
      const fault = storageFault(error, 'list', this.location)
      if (fault.code !== 'ISR_STORAGE_NOT_FOUND') throw fault
    }
  }

  async remove(name: string): Promise<void> {
    const path = join(this.location, checkName(name))
    await unlink(path).catch((error: unknown) => {
      throw storageFault(error, 'remove', path)
    })
  }

  async stat(name: string): Promise<StoredFile> {
    const path = join(this.location, checkName(name))
    try {
      const facts = await stat(path)
      if (facts.isFile()) return { name, sizeBytes: facts.size, modifiedAt: facts.mtimeMs }
    } catch (error) {
      throw storageFault(error, 'find', path)
    }
    throw new StorageError('ISR_STORAGE_NOT_FOUND', `${path} is not a file`)
  }

  async replace(name: string): Promise<Replacement> {
    await this.stat(name)
    return FileReplacement.begin(join(this.location, name))
  }

  async overwrite(name: string, patches: readonly Patch[]): Promise<void> {
    await overwriteFile(join(this.location, checkName(name)), patches)
  }

  /** O_EXCL: what exists is never opened, let alone overwritten. */
  async #createExclusively(name: string): Promise<{ readonly handle: FileHandle; readonly taken: string }> {
    for (let attempt = 0; attempt < 100_000; attempt++) {
      const taken = suffixedName(name, attempt)
      try {
        return { handle: await open(join(this.location, taken), 'wx'), taken }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
    throw new StorageError('ISR_STORAGE_EXISTS', `${name} and 100,000 names like it are taken; mend filename_pattern`)
  }
}
