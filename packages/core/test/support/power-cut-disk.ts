import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { blockingDisk, type Disk } from '../../src/storages/volume/disk.js'

const SECTOR_BYTES = 512

/** A disk that knows what of its files is durable, and can lose the rest. Faults are put in front of its methods. */
export class PowerCutDisk implements Disk {
  readonly #paths = new Map<number, string>()
  readonly #durable = new Map<string, Buffer>()
  readonly #nameless = new Set<string>()
  #isCut = false
  /** Called before each operation; what it throws is the fault. */
  before: (operation: keyof Disk, path: string) => void | Promise<void> = () => {}

  async open(path: string, flags: number): Promise<number> {
    await this.#begin('open', path)
    const handle = await blockingDisk.open(path, flags)
    this.#paths.set(handle, path)
    if (flags & fs.constants.O_CREAT && !this.#durable.has(path)) {
      this.#durable.set(path, Buffer.alloc(0))
      this.#nameless.add(path)
    }
    return handle
  }

  async write(handle: number, bytes: Uint8Array, offset: number, length: number, position: number | null) {
    await this.#begin('write', this.#path(handle))
    return blockingDisk.write(handle, bytes, offset, length, position)
  }

  read(handle: number, bytes: Uint8Array, offset: number, length: number, position: number) {
    return blockingDisk.read(handle, bytes, offset, length, position)
  }

  async datasync(handle: number): Promise<void> {
    const path = this.#path(handle)
    // what is written while it is flushed may be left out
    const content = this.#content(path)
    await this.#begin('datasync', path)
    if (content) this.#durable.set(path, content)
  }

  async sync(handle: number): Promise<void> {
    const path = this.#path(handle)
    const names = [...this.#nameless].filter((name) => dirname(name) === path)
    const content = this.#durable.has(path) ? this.#content(path) : undefined
    await this.#begin('sync', path)
    for (const name of names) this.#nameless.delete(name)
    if (content) this.#durable.set(path, content)
  }

  async truncate(handle: number, lengthBytes: number): Promise<void> {
    await this.#begin('truncate', this.#path(handle))
    await blockingDisk.truncate(handle, lengthBytes)
  }

  stat(handle: number): ReturnType<Disk['stat']> {
    return blockingDisk.stat(handle)
  }

  statName(path: string): ReturnType<Disk['statName']> {
    return blockingDisk.statName(path)
  }

  async close(handle: number): Promise<void> {
    this.#paths.delete(handle)
    await blockingDisk.close(handle)
  }

  async makeFolder(path: string): Promise<void> {
    await this.#begin('makeFolder', path)
    await blockingDisk.makeFolder(path)
  }

  async unlink(path: string): Promise<void> {
    await this.#begin('unlink', path)
    // in one turn: the power may fail in the next
    this.#durable.delete(path)
    await blockingDisk.unlink(path)
  }

  /** Files that are open. */
  get openPaths(): string[] {
    return [...this.#paths.values()]
  }

  /**
   * Files become what is durable of them; of the rest each sector may have reached the disk or not, in no order.
   * @param random - 0 to 1
   */
  cutPower(random: () => number): void {
    this.#isCut = true
    for (const [path, durable] of this.#durable) {
      if (this.#nameless.has(path)) {
        fs.rmSync(path, { force: true })
        continue
      }
      const live = fs.readFileSync(path)
      const size = random() < 0.5 ? durable.length : Math.max(durable.length, Math.floor(random() * live.length))
      const left = Buffer.alloc(size)
      for (let at = 0; at < size; at += SECTOR_BYTES) {
        const isDurable = random() < 0.5 && at < durable.length
        const from = isDurable ? durable : live
        from.copy(left, at, at, Math.min(at + SECTOR_BYTES, size))
      }
      // in place: it is the same file for those who look at its inode
      const handle = fs.openSync(path, 'r+')
      fs.ftruncateSync(handle, 0)
      fs.writeSync(handle, left)
      fs.closeSync(handle)
    }
  }

  /** After the power has failed nothing happens any more, not even what was just about to. */
  async #begin(operation: keyof Disk, path: string): Promise<void> {
    await this.before(operation, path)
    if (this.#isCut) await new Promise(() => {})
  }

  #content(path: string): Buffer | undefined {
    return fs.existsSync(path) && fs.statSync(path).isFile() ? fs.readFileSync(path) : undefined
  }

  #path(handle: number): string {
    return this.#paths.get(handle) ?? ''
  }
}
