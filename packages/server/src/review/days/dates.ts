/** Days as the API counts them: of the zone of the recordings, all of the same length. */
export const DAY_SECONDS = 86_400

/** The date of a day since 1970: `2026-11-22`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10)
}

/** The day since 1970 of a date. */
export function dayOf(date: string): number {
  return Date.parse(date) / 1000 / DAY_SECONDS
}
