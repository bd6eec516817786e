import { expect } from 'vitest'
import type { LedgerEntry } from '../../src/ledger/entry.js'

/** The ledger law: for every run, bytes received = bytes that recordings account for + bytes in discards. Returns the number of runs. */
export function expectLedgerLaw(entries: readonly LedgerEntry[]): number {
  const runs = entries.filter((entry) => entry.type === 'run')
  for (const run of runs) {
    const own = entries.filter((entry) => entry.run === run.run)
    const kept = own.reduce((sum, entry) => sum + (entry.type === 'recording' ? entry.receivedBytes : 0), 0)
    const discarded = own.reduce((sum, entry) => sum + (entry.type === 'discard' ? entry.bytes : 0), 0)
    expect({ run: run.run, kept, discarded, sum: kept + discarded }).toMatchObject({ sum: run.receivedBytes })
  }
  return runs.length
}

/** Every file that was opened was also closed. */
export function expectAllClosed(entries: readonly LedgerEntry[]): void {
  const names = (type: string) =>
    entries.flatMap((entry) => (entry.type === type && 'name' in entry ? [entry.name] : []))
  expect(names('recording').sort()).toEqual(names('open').sort())
}
