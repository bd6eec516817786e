import type { CloseReason, DiscardReason } from '../../model.js'
import type { LedgerEntry, RemovedLine } from '../entry.js'

/** Says what is wrong with a value; undefined when it is right. */
type Check = (value: unknown) => string | undefined

/** Of a value that is wrong; a ledger may hold anything. */
const SHOWN_CHARACTERS = 60
const CLOSE_REASONS: Readonly<Record<CloseReason, true>> = {
  boundary: true,
  disconnect: true,
  'format-change': true,
  stop: true,
  error: true,
  recovered: true,
}
const DISCARD_REASONS: Readonly<Record<DiscardReason, true>> = {
  sync: true,
  duplicate: true,
  'partial-frame': true,
  tag: true,
  foreign: true,
  storage: true,
  plugin: true,
  quiet: true,
}
const REMOVERS: Readonly<Record<RemovedLine['by'], true>> = { retention: true, user: true, repair: true }

const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false')
const text: Check = (value) => (typeof value === 'string' ? undefined : 'is no text')
const name: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'is no name')
const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'is no whole number from 0 on'
const positive: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : 'is no whole number above 0'
const number: Check = (value) => (Number.isFinite(value) ? undefined : 'is no number')
const seconds: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 0 ? undefined : 'is no length of time'
const time: Check = (value) => (isTime(value) ? undefined : 'is no moment in UTC with milliseconds')
const offset: Check = (value) =>
  typeof value === 'string' && /^[+-]\d\d:\d\d$/.test(value) ? undefined : 'is no offset from UTC'
const hash: Check = (value) => (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? undefined : 'is no SHA-256')
const hashOrNone: Check = (value) => (value === '' ? undefined : hash(value))
const oneOf =
  (values: Readonly<Record<string, true>>): Check =>
  (value) =>
    Object.keys(values).includes(value as string) ? undefined : `is none of ${Object.keys(values).join(', ')}`
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value)
const titles: Check = (value) => {
  const good = (mark: unknown): boolean => {
    const { at, sample, title } = (mark ?? {}) as Record<string, unknown>
    return isTime(at) && count(sample) === undefined && typeof title === 'string'
  }
  return Array.isArray(value) && value.every(good) ? undefined : 'is no list of titles'
}

const COMMON = { v: positive, source: text, run: text }
const FILE = {
  name,
  startedAt: time,
  utcOffset: offset,
  format: name,
  codec: name,
  sampleRate: positive,
  channels: positive,
}

/** The fields of every kind of line. */
const FIELDS: Readonly<Record<LedgerEntry['type'], Readonly<Record<string, Check>>>> = {
  open: {
    ...FILE,
    seq: maybe(count),
    continues: maybe(count),
    headerBytes: maybe(count),
    prerollFrames: maybe(count),
    title: maybe(text),
    seal: maybe(flag),
  },
  recording: {
    ...FILE,
    seq: count,
    continues: maybe(count),
    samples: count,
    durationSeconds: seconds,
    bytes: count,
    headerBytes: count,
    receivedBytes: count,
    sha256: hashOrNone,
    headerSha256: maybe(hashOrNone),
    frames: count,
    prerollFrames: count,
    prerollSamples: count,
    closedBy: oneOf(CLOSE_REASONS),
    titles,
  },
  gap: { from: time, to: time, utcOffset: offset, seconds, cause: name },
  seam: { previousRun: name, overlapFrames: count, at: time, utcOffset: offset },
  discard: {
    bytes: count,
    reason: oneOf(DISCARD_REASONS),
    at: time,
    utcOffset: offset,
    from: maybe(time),
    to: maybe(time),
    seconds: maybe(seconds),
    seq: maybe(count),
  },
  run: {
    startedAt: time,
    endedAt: time,
    utcOffset: offset,
    receivedBytes: count,
    cause: name,
    driftPpm: maybe(number),
    timeSteps: maybe(count),
  },
  sealed: { name, sha256: hash, prev: hashOrNone, at: time, utcOffset: offset },
  removed: { name, by: oneOf(REMOVERS), at: time, utcOffset: offset },
}

/** The same as a list: a ledger of years has millions of lines. */
const CHECKS: Readonly<Record<string, readonly (readonly [string, Check])[]>> = Object.fromEntries(
  Object.entries(FIELDS).map(([type, fields]) => [type, Object.entries({ ...COMMON, ...fields })]),
)

/** One line of a ledger: an entry, a kind that this version does not know, or what is wrong with it. */
export type ParsedEntry =
  { readonly entry: LedgerEntry } | { readonly unknownType: string } | { readonly fault: string }

/** Reads one line, whatever stands in it; never throws. */
export function parseEntry(line: string): ParsedEntry {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { fault: 'is no JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'is no JSON object' }
  const fields = value as Record<string, unknown>
  const { type } = fields
  if (typeof type !== 'string') return { fault: 'has no type' }
  if (!Object.hasOwn(CHECKS, type)) return { unknownType: type.slice(0, SHOWN_CHARACTERS) }
  for (const [key, check] of CHECKS[type]) {
    const wrong = check(Object.hasOwn(fields, key) ? fields[key] : undefined)
    if (wrong !== undefined) return { fault: `${key} ${wrong}: ${shown(fields[key])}` }
  }
  return { entry: value as LedgerEntry }
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false
  return Number.isFinite(Date.parse(value))
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'missing'
  return json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS)}...` : json
}
