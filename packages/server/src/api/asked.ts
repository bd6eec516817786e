import { z } from 'zod'

/** What a query says once and not blank: JavaScript would read lists and nothing as numbers, too. */
const once = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? NaN : listless(value))
const listless = (value: unknown) => (Array.isArray(value) ? NaN : value)

/** A number in a query. */
export function askedNumber(from: number, to: number) {
  return z.preprocess(once, z.coerce.number().min(from).max(to))
}

/** A whole number in a query. */
export function askedInt(from: number, to: number) {
  return z.preprocess(once, z.coerce.number().int().min(from).max(to))
}

/** A moment in a query, ISO 8601; without an offset in the zone of the server, a bare date is its midnight in UTC. */
export const AskedMoment = z
  .union([z.iso.datetime({ offset: true, local: true }), z.iso.date()], 'is no date or time of ISO 8601')
  .transform((text) => new Date(text))
