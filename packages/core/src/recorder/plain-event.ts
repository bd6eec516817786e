import { IsrError } from '../errors.js'

/** Fields that hold a wall clock; `from` and `to` of a state are words. */
const TIMES = new Set(['at', 'from', 'to', 'startedAt', 'retryAt', 'failingSince'])

/** An event as programs read it: times are ISO 8601 UTC, errors have code and message. */
export function plainEvent(event: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(event, plain)) as Record<string, unknown>
}

function plain(key: string, value: unknown): unknown {
  if (typeof value === 'number' && TIMES.has(key)) return new Date(value).toISOString()
  return value instanceof IsrError ? value.toJSON() : value
}
