import { dirname, join } from 'node:path'
import { builtInFormats } from '../../formats/registry.js'
import { verify, type VerifyProgress, type VerifyReport } from '../../ledger/verify/verify.js'
import { FileStorage } from '../../storages/file-storage.js'
import { writersOf } from '../../storages/presence/presence.js'
import { systemClock, type Clock } from '../../time/clock.js'
import { LEDGER_NAME } from '../open-ledger.js'
import { openerOf } from './openers.js'

/** Options of {@link verifyFolder}. */
export interface VerifyFolderOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Which files to look at, by storage key. Default all. */
  readonly only?: (name: string) => boolean
  /** Told as the work goes on. */
  readonly onProgress?: (progress: VerifyProgress) => void
  /** The time. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/** A file that somebody elsewhere may record has changed within the last minute. */
const QUIET_MS = 60_000

/**
 * Proves the recordings of a folder against their ledger: sizes, hashes, frames, times, gaps and seals. May run while the folder is
 * being recorded into.
 *
 * @example
 * ```ts
 * const report = await verifyFolder({ directory: 'recordings' })
 * for (const { severity, message } of report.findings) console.log(severity, message)
 * ```
 * @throws {@link StorageError} when the folder cannot be read
 */
export async function verifyFolder(options: VerifyFolderOptions): Promise<VerifyReport> {
  const { directory, only, onProgress, clock = systemClock } = options
  const writers = await writersOf(dirname(join(directory, LEDGER_NAME)))
  return verify({
    storage: new FileStorage({ directory, clock }),
    ledgerName: LEDGER_NAME,
    formats: builtInFormats,
    isRunning: writers.some(({ liveness }) => liveness === 'alive'),
    mayBeOpen: (startByte, file) => {
      const opener = openerOf(startByte, writers)
      const growing = file !== undefined && clock.now() - file.modifiedAt < QUIET_MS
      return opener === 'alive' || (opener === 'unknown' && growing)
    },
    ...(only && { only }),
    ...(onProgress && { onProgress }),
  })
}
