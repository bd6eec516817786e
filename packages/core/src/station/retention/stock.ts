import { join } from 'node:path'
import { LedgerTail } from '../../library/ledger-tail.js'
import type { Ledger } from '../../ledger/ledger.js'
import type { EpochMs } from '../../model.js'
import { removeFile } from '../../storages/atomic-file.js'
import { changedAt, volumeSpace, type VolumeSpace } from '../../storages/disk/free-space.js'
import type { FileStorage } from '../../storages/file-storage.js'
import { FolderTree } from '../../storages/watch/folder-tree.js'
import { AnalysesFolder, ANALYSES_FOLDER } from '../analysis/analyses-folder.js'
import { LEDGER_NAME } from '../open-ledger.js'
import { Inventory, type StockItem } from './inventory.js'
import { ProtectedFile } from './protected-file.js'

/** Where a {@link Stock} is. */
export interface StockPlace {
  readonly storage: FileStorage
  readonly ledger: Ledger
}

/** The finished recordings of a folder as they lie there now. */
export class Stock {
  readonly ledger: Ledger
  readonly #storage: FileStorage
  readonly #inventory = new Inventory()
  readonly #tail: LedgerTail
  readonly #tree: FolderTree
  readonly #present = new Set<string>()
  readonly #protected: ProtectedFile
  readonly #analyses: AnalysesFolder

  /**
   * @param place - the folder
   * @param now - the wall clock
   */
  constructor({ storage, ledger }: StockPlace, now: () => EpochMs) {
    this.ledger = ledger
    this.#storage = storage
    this.#tail = new LedgerTail(storage, LEDGER_NAME, this.#inventory)
    this.#tree = new FolderTree(storage.location, now)
    this.#protected = new ProtectedFile(storage.location)
    this.#analyses = new AnalysesFolder(join(storage.location, ANALYSES_FOLDER))
  }

  /** Looks at ledger and folder again. @throws {@link StorageError} */
  async refresh(): Promise<void> {
    // a file is entered before it is there, and looked for after it is known
    await this.#tail.refresh()
    const { added, removed } = await this.#tree.refresh()
    for (const name of removed) this.#present.delete(name)
    for (const name of added) this.#present.add(name)
  }

  /** Those that lie there. */
  get items(): StockItem[] {
    return [...this.#inventory.items].filter(({ name }) => this.#present.has(name))
  }

  /** Whether it is still as it was. @throws {@link StorageError} */
  async has(item: StockItem): Promise<boolean> {
    await this.#tail.refresh()
    return this.#inventory.get(item.name) === item && (await this.#isThere(item.name))
  }

  /** Names that nobody wants removed. @throws {@link StorageError} when nobody can know them now */
  protectedNames(): Promise<ReadonlySet<string>> {
    return this.#protected.read()
  }

  /** Its volume. @throws {@link StorageError} */
  space(): Promise<VolumeSpace> {
    return volumeSpace(this.#storage.location)
  }

  /** Removes a file with its analysis and levels. @throws {@link StorageError} */
  async remove(name: string): Promise<void> {
    await removeFile(join(this.#storage.location, name))
    await this.#analyses.remove(name)
  }

  /**
   * Files that the ledger says were removed by rules, and that a crash or a fault has left: none that somebody has put back since.
   * @throws {@link StorageError}
   */
  async leftBehind(): Promise<string[]> {
    const left: string[] = []
    for (const [name, at] of this.#inventory.removed) {
      if (!this.#present.has(name) || !(await this.#isThere(name))) continue
      if ((await changedAt(join(this.#storage.location, name))) <= at) left.push(name)
    }
    return left
  }

  async #isThere(name: string): Promise<boolean> {
    return this.#storage.stat(name).then(
      () => true,
      () => false,
    )
  }
}
