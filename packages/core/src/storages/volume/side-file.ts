import { dirname } from 'node:path'
import { volumes } from './volumes.js'
import type { Volume } from './volume.js'

/** A file beside the recordings, written by the thread of their volume. After a fault it is closed, and opened again when it is used. */
export class SideFile {
  readonly path: string
  readonly #kind: 'lines' | 'anew'
  #open?: { readonly volume: Volume; readonly side: number }

  /** @param kind - of lines, whose torn end is cut off, or made anew */
  constructor(path: string, kind: 'lines' | 'anew') {
    this.path = path
    this.#kind = kind
  }

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** Opens it; its folder is made where it is missing. @returns its size in bytes @throws {@link StorageError} */
  async open(): Promise<number> {
    await this.close()
    const volume = await volumes.of(dirname(this.path))
    const side = volume.nextNumber()
    const { sizeBytes = 0 } = await volume.do({ type: 'open', side, path: this.path, kind: this.#kind })
    this.#open = { volume, side }
    return sizeBytes
  }

  /**
   * Adds bytes. @param sync - forces them to disk @param onWritten - with `sync`: told when they have left the process
   * @throws {@link StorageError}
   */
  async append(bytes: Uint8Array, sync: boolean, onWritten?: () => void): Promise<void> {
    if (!this.#open) await this.open()
    const open = this.#open
    try {
      // sent as it is, the whole buffer that it looks into would be
      const alone = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
      if (open) await open.volume.do({ type: 'append', side: open.side, bytes: alone, sync }, onWritten)
    } catch (error) {
      if (this.#open === open) this.#open = undefined
      throw error
    }
  }

  /** Closes it; `append` opens it again. @param sync - forces it to disk before. @throws {@link StorageError} only with `sync` */
  async close(sync = false): Promise<void> {
    const open = this.#open
    this.#open = undefined
    const closed = open?.volume.do({ type: 'close', side: open.side, sync })
    await (sync ? closed : closed?.catch(() => {}))
  }
}
