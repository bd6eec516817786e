import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpochMs } from '../../model.js'
import { storageFault } from '../storage-fault.js'

/** What has changed in a folder since it was looked at last. */
export interface TreeChange {
  /** Names that are new. */
  readonly added: readonly string[]
  /** Names that are gone. */
  readonly removed: readonly string[]
}

/** One folder as it was read last. */
interface Branch {
  readonly files: ReadonlySet<string>
  readonly folders: readonly string[]
  /** What changes when a name comes or goes. */
  readonly modifiedAt: EpochMs
  /** When it was read; a name that came in the same moment has left no trace. */
  readonly readAt: EpochMs
}

/** File systems keep the time of a folder in steps of up to two seconds. */
const COARSE_MS = 2500

/**
 * The names of the files under a folder. Looking again costs one `stat` for each folder and reads only those in which a name came or
 * went. Hidden files and folders, and links, are not seen.
 */
export class FolderTree {
  readonly #directory: string
  readonly #now: () => EpochMs
  #branches = new Map<string, Branch>()

  /**
   * @param directory - need not exist
   * @param now - the wall clock
   */
  constructor(directory: string, now: () => EpochMs) {
    this.#directory = directory
    this.#now = now
  }

  /** Looks again. @throws {@link StorageError} when the folder is there and cannot be read */
  async refresh(): Promise<TreeChange> {
    const before = this.#branches
    const after = new Map<string, Branch>()
    const added: string[] = []
    const removed: string[] = []
    const waiting = ['']
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const known = before.get(folder)
      const branch = await this.#look(folder, known)
      if (!branch) continue
      after.set(folder, branch)
      waiting.push(...branch.folders)
      if (branch === known) continue
      for (const file of branch.files) if (!known?.files.has(file)) added.push(file)
      for (const file of known?.files ?? []) if (!branch.files.has(file)) removed.push(file)
    }
    for (const [folder, { files }] of before) if (!after.has(folder)) removed.push(...files)
    this.#branches = after
    return { added, removed }
  }

  /** Undefined when it is gone. */
  async #look(folder: string, known: Branch | undefined): Promise<Branch | undefined> {
    const path = join(this.#directory, folder)
    const readAt = this.#now()
    try {
      const modifiedAt = (await stat(path)).mtimeMs
      if (known?.modifiedAt === modifiedAt && known.readAt - modifiedAt > COARSE_MS) return known
      return branchOf(folder, await readdir(path, { withFileTypes: true }), modifiedAt, readAt)
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
      if (folder === '') throw storageFault(error, 'list', path)
      return known // one folder that cannot be read hides nothing else
    }
  }
}

function branchOf(folder: string, entries: readonly Dirent[], modifiedAt: EpochMs, readAt: EpochMs): Branch {
  const seen = entries.filter(({ name }) => !name.startsWith('.'))
  const nameOf = ({ name }: Dirent) => (folder === '' ? name : `${folder}/${name}`)
  return {
    files: new Set(seen.filter((entry) => entry.isFile()).map(nameOf)),
    folders: seen.filter((entry) => entry.isDirectory()).map(nameOf),
    modifiedAt,
    readAt,
  }
}
