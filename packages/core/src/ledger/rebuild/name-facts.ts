import type { EpochMs } from '../../model.js'
import { strptime } from '../../time/strptime.js'

/** How a source names its files. */
export interface KnownNaming {
  /** Name of the source. */
  readonly source: string
  /** strftime pattern without extension. */
  readonly pattern: string
  /** Put before the last component, with `_`. Default none. */
  readonly prefix?: string
  /** IANA zone; undefined = the system's. */
  readonly timeZone?: string
}

/** What the name of a file tells. */
export interface NameFacts {
  readonly startedAt: EpochMs
  /** Undefined when the name does not tell. */
  readonly source?: string
  readonly timeZone?: string
}

/** Date and time as nearly everybody writes them, down to the second or the minute. */
const STAMP = /(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)[-_. T]{0,3}(\d\d)[-_.:hH]?(\d\d)(?:[-_.:mM]?(\d\d))?(?!\d)/

/** Reads the name of a recording: by the patterns that are known, then by what is usual. */
export function readName(
  name: string,
  namings: readonly KnownNaming[],
  timeZone: string | undefined,
): NameFacts | undefined {
  const stem = name.replace(/\.[^./]*$/, '')
  for (const naming of namings) {
    const startedAt = byPattern(stem, naming)
    if (startedAt === undefined) continue
    return { startedAt, source: naming.source, ...(naming.timeZone !== undefined && { timeZone: naming.timeZone }) }
  }
  return byStamp(stem, timeZone)
}

/** A name that was taken has `_1`, `_2`, ... behind it. */
function byPattern(stem: string, { pattern, prefix, timeZone }: KnownNaming): EpochMs | undefined {
  const slash = pattern.lastIndexOf('/') + 1
  const escaped = prefix?.replaceAll('%', '%%')
  const whole = escaped === undefined ? pattern : `${pattern.slice(0, slash)}${escaped}_${pattern.slice(slash)}`
  return strptime(whole, stem, timeZone) ?? strptime(whole, stem.replace(/_\d+$/, ''), timeZone)
}

function byStamp(stem: string, timeZone: string | undefined): NameFacts | undefined {
  // folders may hold the date
  const flat = stem.replaceAll('/', '_')
  const match = STAMP.exec(flat)
  if (!match) return undefined
  const [year, month, day, hour, minute, second = '00'] = match.slice(1)
  const startedAt = strptime('%Y%m%d%H%M%S', `${year}${month}${day}${hour}${minute}${second}`, timeZone)
  if (startedAt === undefined) return undefined
  const before = flat.slice(0, match.index).replace(/[-_. ]+$/, '')
  return { startedAt, ...(before !== '' && { source: before }) }
}

/** Whether a file of this name would be a recording of ours. */
export function isAudioName(name: string): boolean {
  return /\.(mp3|aac|ogg|opus|oga|flac|wav)$/i.test(name)
}
