import type { RandomAccess } from './random-access.js'

/** Random access to bytes that are in memory. */
export class MemoryAccess implements RandomAccess {
  readonly sizeBytes: number
  readonly #bytes: Uint8Array

  /** @param bytes - never mutated afterwards */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.sizeBytes = bytes.length
  }

  read(startByte: number, endByte: number): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes.subarray(Math.max(0, startByte), Math.max(0, endByte)))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
