import { createHash, type Hash } from 'node:crypto'

/** MD5 over bytes as they come, as FLAC's STREAMINFO wants it. */
export class Md5 {
  readonly #hash: Hash = createHash('md5')

  /** Adds bytes. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes)
  }

  /** The 16 bytes of the sum; ends it. */
  digest(): Uint8Array {
    return new Uint8Array(this.#hash.digest())
  }
}
