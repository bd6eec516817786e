import { open } from 'node:fs/promises'

/** Reads a file whole; undefined when it holds more than `maxBytes`. Takes pipes, too. @throws the error of Node.js */
export async function readSmallFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const handle = await open(path, 'r')
  try {
    const buffer = new Uint8Array(maxBytes + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
      if (bytesRead === 0) return buffer.slice(0, length)
      length += bytesRead
    }
    return undefined
  } finally {
    await handle.close()
  }
}
