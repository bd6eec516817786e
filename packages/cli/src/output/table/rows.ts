import type { EpochMs, RecorderState, RecorderStatus } from '@isr/core'
import { printable } from '../safe-text.js'
import type { Redact } from '../safe-text.js'
import { formatBitrate, formatBytes, formatDuration, localClock } from '../units.js'

/** What the table shows of one source. */
export interface StatusRow {
  readonly source: string
  /** For its colour. */
  readonly kind: RecorderState
  readonly state: string
  readonly file: string
  readonly elapsed: string
  readonly rate: string
  readonly bytes: string
  readonly lastError: string
}

/** A source as a row of plain text. */
export function statusRow(status: RecorderStatus, now: EpochMs, redact: Redact): StatusRow {
  const { source, state, recording, retryAt, lastError } = status
  const waitSeconds = retryAt === undefined ? undefined : Math.max(0, Math.ceil((retryAt - now) / 1000))
  return {
    source: printable(source),
    kind: state,
    state: state === 'waiting' && waitSeconds !== undefined ? `waiting ${waitSeconds} s` : state,
    file: recording ? printable(recording.name) : '-',
    elapsed: recording ? formatDuration(recording.durationSeconds) : '-',
    rate: formatBitrate(status.bitrateBps),
    bytes: formatBytes(status.receivedBytes),
    lastError: lastError ? redact(printable(`${localClock(lastError.at)} ${lastError.message}`)) : '',
  }
}

/** The rows that fit into `limit` lines: trouble first, then in the order of the configuration. */
export function rowsThatFit(
  rows: readonly StatusRow[],
  limit: number,
): { shown: readonly StatusRow[]; hidden: number } {
  if (rows.length <= limit) return { shown: rows, hidden: 0 }
  const trouble = rows.filter(({ kind }) => kind !== 'recording')
  const fine = rows.filter(({ kind }) => kind === 'recording')
  const kept = new Set([...trouble, ...fine].slice(0, Math.max(0, limit - 1)))
  return { shown: rows.filter((row) => kept.has(row)), hidden: rows.length - kept.size }
}

/** How many sources are in which state: `3 recording, 1 waiting`. */
export function countStates(statuses: readonly RecorderStatus[]): string {
  const counts = new Map<string, number>()
  for (const { state } of statuses) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
}
