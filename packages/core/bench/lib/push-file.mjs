import { closeSync, openSync, readSync } from 'node:fs'

/**
 * Reads a file in chunks, each a buffer of its own as a network gives them, and frames it.
 * @param {{ createFramer(sink: object): { push(chunk: Uint8Array): void, flush(): void } }} format
 * @param {string} path
 * @param {object} sink of the framer
 * @param {number} chunkBytes
 */
export function pushFile(format, path, sink, chunkBytes) {
  const framer = format.createFramer(sink)
  const handle = openSync(path)
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(chunkBytes)
    const length = readSync(handle, chunk)
    if (length === 0) break
    framer.push(chunk.subarray(0, length))
  }
  closeSync(handle)
  framer.flush()
}
