import type { EpochMs } from '../../model.js'
import { strftime } from '../../time/strftime.js'

/** How files get their names. */
export interface Naming {
  /** strftime pattern without extension; `/` makes folders. */
  readonly pattern: string
  /** IANA zone; undefined = the system's. */
  readonly timeZone?: string
  /** Put before the last component, with `_`, when sources would otherwise share names; already a safe component. */
  readonly prefix?: string
}

/** The storage key wanted for a file that starts at `startedAt`. The storage may add a suffix. */
export function recordingName(naming: Naming, startedAt: EpochMs, extension: string): string {
  const stem = strftime(naming.pattern, startedAt, naming.timeZone)
  if (naming.prefix === undefined) return `${stem}.${extension}`
  const slash = stem.lastIndexOf('/') + 1
  return `${stem.slice(0, slash)}${naming.prefix}_${stem.slice(slash)}.${extension}`
}
