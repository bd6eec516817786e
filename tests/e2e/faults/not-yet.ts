/**
 * What does not hold yet, with the reason. Whoever mends it takes out its line.
 */
const NOT_YET: Readonly<Record<string, string>> = {}

/** Whether a row cannot hold yet: it is told by name when the suite runs. */
export function notYet(row: string): boolean {
  const reason = Object.hasOwn(NOT_YET, row) ? NOT_YET[row] : undefined
  if (reason !== undefined) console.warn(`not yet: ${row}: ${reason}`)
  return reason !== undefined
}
