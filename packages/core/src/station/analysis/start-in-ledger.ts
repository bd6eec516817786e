import { readLedgerLines } from '../../ledger/read/read-lines.js'
import { FileStorage } from '../../storages/file-storage.js'
import { LEDGER_NAME } from '../open-ledger.js'

/** When a recording began, as the last line of the ledger that tells of it says; undefined when none does. Never rejects. */
export async function startInLedger(options: {
  readonly directory: string
  readonly name: string
}): Promise<number | undefined> {
  let startedAt: number | undefined
  try {
    const ledger = new FileStorage({ directory: options.directory }).read(LEDGER_NAME)
    for await (const line of readLedgerLines(ledger)) {
      if (!('entry' in line)) continue
      const { entry } = line
      if ((entry.type === 'open' || entry.type === 'recording') && entry.name === options.name)
        startedAt = Date.parse(entry.startedAt)
    }
  } catch {
    return undefined // no ledger, or one that cannot be read
  }
  return startedAt
}
