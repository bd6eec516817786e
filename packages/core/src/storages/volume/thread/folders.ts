import { dirname } from 'node:path'
import { makeFolder } from '../../make-folder.js'
import type { Disk } from '../disk.js'
import { flushed, type Flusher } from '../flush/flusher.js'

/** A name that is new in a folder. */
export interface NewName {
  /** Volume of the folder. */
  readonly device: string
  /** Rejects with the error of Node.js. */
  readonly durable: Promise<void>
}

/** Makes names in folders durable, beside the writing: those that are made in one go share a flush. */
export class NewNames {
  readonly #disk: Disk
  readonly #flusher: Flusher
  /** By folder; not begun yet. */
  #next = new Map<string, NewName & { readonly begin: () => void }>()

  constructor(disk: Disk, flusher: Flusher) {
    this.#disk = disk
    this.#flusher = flusher
  }

  /** Makes a folder where it is missing. @returns the names that this takes @throws the error of Node.js */
  async makeFolder(path: string): Promise<NewName[]> {
    const names: NewName[] = []
    for (const made of await makeFolder(path, (path) => this.#disk.makeFolder(path)))
      names.push(await this.of(dirname(made)))
    return names
  }

  /** A name is new in a folder. @throws the error of Node.js */
  async of(folder: string): Promise<NewName> {
    const known = this.#next.get(folder)
    if (known) return known
    const handle = await this.#disk.open(folder, 0)
    const device = String((await this.#disk.stat(handle)).dev)
    let begin!: () => void
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const durable = this.#flush(handle, begun)
    durable.catch(() => {})
    const name = { device, durable, begin }
    this.#next.set(folder, name)
    return name
  }

  /** Those of this go are complete. */
  begin(): void {
    const next = this.#next
    this.#next = new Map()
    for (const { begin } of next.values()) begin()
  }

  async #flush(handle: number, begun: Promise<void>): Promise<void> {
    await begun
    try {
      await flushed(this.#flusher, handle, true)
    } finally {
      await this.#disk.close(handle)
    }
  }
}

/** Waits for all of them. @throws the error of Node.js */
export async function allDurable(names: readonly NewName[]): Promise<void> {
  await Promise.all(names.map(({ durable }) => durable))
}
