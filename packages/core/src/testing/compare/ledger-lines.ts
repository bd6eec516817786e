import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { DiscardLine, GapLine, LedgerEntry, OpenLine, RecordingLine, SeamLine } from '../../ledger/entry.js'

/** What a comparison reads of a ledger, for one source, in the order of the file. */
export interface LedgerLines {
  /** Files, as they were opened. */
  readonly opens: readonly OpenLine[]
  /** Files that are complete, by name: of several lines the last. */
  readonly recordings: ReadonlyMap<string, RecordingLine>
  /** Gaps. */
  readonly gaps: readonly GapLine[]
  /** Reconnects without a gap. */
  readonly seams: readonly SeamLine[]
  /** What was not kept. */
  readonly discards: readonly DiscardLine[]
}

/**
 * Reads `.isr/ledger.jsonl` as any other program would. A line that is no JSON, as a crash leaves it, is passed over.
 * @param source - name of the source; undefined when the folder holds only one
 */
export async function readLedgerLines(directory: string, source?: string): Promise<LedgerLines> {
  const text = await readFile(join(directory, '.isr/ledger.jsonl'), 'utf8').catch(() => '')
  const entries = text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as LedgerEntry
      return source === undefined || entry.source === source ? [entry] : []
    } catch {
      return []
    }
  })
  const ofType = <T extends LedgerEntry['type']>(type: T) =>
    entries.filter((entry): entry is Extract<LedgerEntry, { type: T }> => entry.type === type)
  return {
    opens: ofType('open'),
    recordings: new Map(ofType('recording').map((line) => [line.name, line])),
    gaps: ofType('gap'),
    seams: ofType('seam'),
    discards: ofType('discard'),
  }
}
