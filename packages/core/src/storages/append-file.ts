import { constants } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { storageFault } from './storage-fault.js'

const NEWLINE = 0x0a
const TAIL_BYTES = 64 * 1024

/** A file of lines that only grows. A torn last line (the crash of a writer) is cut off when it is opened; nothing else ever changes. */
export class AppendFile {
  readonly path: string
  #handle?: FileHandle

  constructor(path: string) {
    this.path = path
  }

  /** Appends whole lines in one write and forces them to disk. @throws {@link StorageError} */
  async append(text: string): Promise<void> {
    try {
      this.#handle ??= await openTrimmed(this.path)
      await this.#handle.appendFile(text)
      await this.#handle.datasync()
    } catch (error) {
      // the next append opens again: the folder may have been removed and made anew
      await this.close()
      throw storageFault(error, 'write', this.path)
    }
  }

  /** Closes it; `append` opens it again. */
  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close().catch(() => {})
  }
}

async function openTrimmed(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o644)
  const { size } = await handle.stat()
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
  await handle.read(tail, 0, tail.length, size - tail.length)
  const keep = size - tail.length + tail.lastIndexOf(NEWLINE) + 1
  if (size > 0 && keep < size && (keep > 0 || tail.length === size)) await handle.truncate(keep)
  return handle
}
