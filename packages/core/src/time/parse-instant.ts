import type { EpochMs } from '../model.js'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** The moment that `2026-11-22T17:00:00.250+01:00` names; undefined for a text without date, time and offset from UTC. */
export function parseInstant(text: string): EpochMs | undefined {
  if (!INSTANT.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
