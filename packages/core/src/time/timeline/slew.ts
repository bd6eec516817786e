/** Greatest rate at which time is corrected while it runs: 500 parts per million, as NTP does. */
export const MAX_SLEW = 500e-6

/** Most that one arrival corrects, in milliseconds: after a burst of minutes a file of a second would have a joint of a whole frame. */
export const MOST_SLEW_MS = 2

/** The part of `errorMs` that `budgetMs` lets be corrected now. */
export function slew(errorMs: number, budgetMs: number): number {
  return Math.max(-budgetMs, Math.min(budgetMs, errorMs))
}
