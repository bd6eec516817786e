import { readLedgerLines } from '../../ledger/read/read-lines.js'
import { isAudioName } from '../../ledger/rebuild/name-facts.js'
import type { RepairOutcome } from '../../recovery/outcome.js'
import type { FileStorage } from '../../storages/file-storage.js'
import type { Writer } from '../../storages/presence/presence.js'
import type { EpochMs } from '../../model.js'
import { LEDGER_NAME } from '../open-ledger.js'

/** Some file systems tell times to two seconds, others as a clock does that ticks a hundred times a second. */
const COARSE_MS = 2000
const FINE_MS = 50

/** What {@link EmptyFiles} works on. */
export interface EmptyFilesOptions {
  readonly storage: FileStorage
  /** When this process came: what is younger may be its own. */
  readonly cameAt: EpochMs
}

/**
 * A file is made before the ledger tells of it: a crash between the two leaves one that is empty, that nobody knows, and that plays
 * nowhere. It is removed when it can only be of a process that was killed here, and when nobody else could have made it.
 */
export class EmptyFiles {
  readonly #options: EmptyFilesOptions

  constructor(options: EmptyFilesOptions) {
    this.#options = options
  }

  /** @param writers - everybody who writes here, or was killed while doing so */
  async *remove(writers: readonly Writer[]): AsyncGenerator<RepairOutcome> {
    const dead = writers.filter(({ liveness }) => liveness === 'dead')
    if (dead.length === 0 || writers.length > dead.length + 1) return
    const from = Math.min(...dead.map(({ cameAt }) => cameAt)) - COARSE_MS
    const names = await this.#unknown(await this.#empty(from))
    for (const name of names) {
      await this.#options.storage.remove(name)
      yield { name, source: '', action: 'removed', droppedBytes: 0 }
    }
  }

  /** Empty ones that were made since then, and before this process came. */
  async #empty(from: EpochMs): Promise<Set<string>> {
    const { storage, cameAt } = this.#options
    const names = new Set<string>()
    for await (const { name, sizeBytes, modifiedAt } of storage.list()) {
      const toleranceMs = modifiedAt % 1000 === 0 ? COARSE_MS : FINE_MS
      const isOfThen = modifiedAt >= from && modifiedAt < cameAt - toleranceMs
      if (sizeBytes === 0 && isOfThen && isAudioName(name)) names.add(name)
    }
    return names
  }

  /** Of these, the ones that no line tells of. */
  async #unknown(names: Set<string>): Promise<Set<string>> {
    if (names.size === 0) return names
    for await (const line of readLedgerLines(this.#options.storage.read(LEDGER_NAME)))
      if ('entry' in line && 'name' in line.entry) names.delete(line.entry.name)
    return names
  }
}
