import { join } from 'node:path'
import { StorageError } from '../../errors.js'
import { writeFileAtomic } from '../../storages/atomic-file.js'
import { readSmallFile } from '../../storages/small-file.js'
import { storageFault } from '../../storages/storage-fault.js'

/** Where it is inside of a folder of recordings. */
const PROTECTED_NAME = '.isr/protected.json'
/** More is no list of anybody: a hundred thousand names are a tenth of it. */
const MOST_BYTES = 64 << 20

/**
 * The names of the recordings of a folder that are never removed by rules: `.isr/protected.json`, an array of names. Who marks recordings
 * writes it, who removes them reads it; the two may be programs of their own.
 */
export class ProtectedFile {
  /** Where it is. */
  readonly path: string

  /** @param directory - folder of the recordings */
  constructor(directory: string) {
    this.path = join(directory, PROTECTED_NAME)
  }

  /**
   * The names; none when there is no such file.
   * @throws {@link StorageError} when it cannot be read or understood: then nobody knows what is protected, and nothing may go
   */
  async read(): Promise<ReadonlySet<string>> {
    let bytes: Uint8Array | undefined
    try {
      bytes = await readSmallFile(this.path, MOST_BYTES)
    } catch (error) {
      const fault = storageFault(error, 'read', this.path)
      if (fault.code === 'ISR_STORAGE_NOT_FOUND') return new Set()
      throw fault
    }
    const names = bytes && parse(new TextDecoder().decode(bytes))
    if (!names) throw new StorageError('ISR_STORAGE_FAILED', `${this.path} is no list of names`)
    return new Set(names)
  }

  /** Replaces the list whole. @throws {@link StorageError} */
  async write(names: Iterable<string>): Promise<void> {
    await writeFileAtomic(this.path, `${JSON.stringify([...new Set(names)].sort())}\n`, { isDurable: true })
  }
}

function parse(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined
  } catch {
    return undefined
  }
}
