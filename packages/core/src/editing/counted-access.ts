import type { RandomAccess } from '../storages/access/random-access.js'

/** Counts what is read through it. */
export class CountedAccess implements RandomAccess {
  readonly sizeBytes: number
  readonly readSync: RandomAccess['readSync']
  readonly #access: RandomAccess
  #bytesRead = 0

  /** @param access - closed with this one */
  constructor(access: RandomAccess) {
    this.#access = access
    this.sizeBytes = access.sizeBytes
    if (!access.readSync) return
    this.readSync = (into, startByte) => {
      const bytes = access.readSync!(into, startByte)
      this.#bytesRead += bytes
      return bytes
    }
  }

  /** Bytes so far, every one as often as it was read. */
  get bytesRead(): number {
    return this.#bytesRead
  }

  async read(startByte: number, endByte: number): Promise<Uint8Array> {
    const bytes = await this.#access.read(startByte, endByte)
    this.#bytesRead += bytes.length
    return bytes
  }

  close(): Promise<void> {
    return this.#access.close()
  }
}
