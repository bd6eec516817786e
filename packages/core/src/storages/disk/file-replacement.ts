import { open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Replacement } from '../storage.js'
import { storageFault } from '../storage-fault.js'
import { TemporaryFile } from './temporary-file.js'

const READ_BYTES = 256 * 1024

/**
 * A new version of a file. It takes over mode, owner and time of the last change: the audio is not younger because somebody
 * mended it.
 */
export class FileReplacement extends TemporaryFile implements Replacement {
  /** Begins; what an earlier attempt left behind is removed. @throws {@link StorageError} */
  static async begin(path: string): Promise<FileReplacement> {
    try {
      const { mode } = await stat(path)
      await removeLeftovers(path)
      const temporary = join(dirname(path), `${leftoverPrefix(path)}${process.pid}`)
      const handle = await open(temporary, 'wx+', mode & 0o777)
      return new FileReplacement({ path, temporary, handle, action: 'mend' })
    } catch (error) {
      throw storageFault(error, 'mend', path)
    }
  }

  async *read(): AsyncIterable<Uint8Array> {
    for (let at = 0; ;) {
      const buffer = new Uint8Array(READ_BYTES)
      const { bytesRead } = await this.attempt(() => this.handle.read(buffer, 0, buffer.length, at))
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  protected override async finish(): Promise<void> {
    const { uid, gid, atime, mtime } = await stat(this.path)
    // another owner can be set by root alone: then the file is ours
    await this.handle.chown(uid, gid).catch(() => {})
    await this.handle.utimes(atime, mtime)
  }

  protected override takeName(): Promise<void> {
    return rename(this.temporary, this.path)
  }
}

function leftoverPrefix(path: string): string {
  // a name may be 255 bytes long: the prefix must not make it longer
  return `.${Buffer.from(basename(path))
    .subarray(0, 200)
    .toString('latin1')
    .replace(/[^\w.-]/g, '_')}.repair-`
}

async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path)
  const prefix = leftoverPrefix(path)
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await unlink(join(folder, name)).catch(() => {})
  }
}
