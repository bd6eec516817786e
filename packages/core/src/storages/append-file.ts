import { SideFile } from './volume/side-file.js'

/** A file of lines that only grows. A torn last line (the crash of a writer) is cut off when it is opened; nothing else ever changes. */
export class AppendFile {
  readonly path: string
  readonly #file: SideFile

  constructor(path: string) {
    this.path = path
    this.#file = new SideFile(path, 'lines')
  }

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.#file.isOpen
  }

  /** Opens it and cuts a torn last line. @returns its size in bytes @throws {@link StorageError} */
  open(): Promise<number> {
    return this.#file.open()
  }

  /**
   * Appends whole lines in one write and forces them to disk. More may be appended as soon as these are written.
   * @param onWritten - told when they have left this process: a kill does not take them any more
   * @throws {@link StorageError}
   */
  async append(text: string, onWritten?: () => void): Promise<void> {
    const bytes = new TextEncoder().encode(text)
    const wasOpen = this.#file.isOpen
    try {
      await this.#file.append(bytes, true, onWritten)
    } catch (error) {
      // the folder may have been removed and made anew
      if (!wasOpen || this.#file.isOpen || !isRemoved(error)) throw error
      await this.#file.append(bytes, true, onWritten)
    }
  }

  /** Closes it; `append` opens it again. */
  close(): Promise<void> {
    return this.#file.close()
  }
}

function isRemoved(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'ISR_STORAGE_NOT_FOUND'
}
