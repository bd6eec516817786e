/** Fields that hold a wall clock; `from` and `to` of a state are words. */
const TIMES = new Set(['at', 'from', 'to', 'startedAt', 'retryAt', 'failingSince'])

/**
 * A field of an event as programs read it: times are ISO 8601 UTC. For `JSON.stringify(event, plainField)`; errors become code and message
 * by themselves.
 */
export function plainField(key: string, value: unknown): unknown {
  return typeof value === 'number' && TIMES.has(key) ? new Date(value).toISOString() : value
}

/** An event as programs read it: times are ISO 8601 UTC, errors have code and message. */
export function plainEvent(event: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(event, plainField)) as Record<string, unknown>
}
