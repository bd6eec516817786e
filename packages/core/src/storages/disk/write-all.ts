import type { FileHandle } from 'node:fs/promises'

/** A short write (a disk that fills) goes on where it ended, so that the fault itself surfaces. @throws the error of Node.js */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number | null = null): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const at = position === null ? null : position + done
    done += (await handle.write(bytes, done, bytes.length - done, at)).bytesWritten
  }
}
