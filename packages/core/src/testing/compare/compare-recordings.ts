import type { NumberedStream } from '../numbered/numbered-stream.js'
import type { SentLog } from '../station/sent-log.js'
import type { Comparison, Hole } from './comparison.js'
import { readLedgerLines, type LedgerLines } from './ledger-lines.js'
import { readFrames, type RecordedFrames } from './read-frames.js'

/** What is compared. */
export interface CompareOptions {
  /** The folder: recordings, and the ledger in `.isr/`. */
  readonly directory: string
  /** Name of the source. @defaultValue all that is in the ledger is taken for one source */
  readonly source?: string
  /** What its connections were sent: {@link NumberedStation.sent}. */
  readonly sent: readonly SentLog[]
}

/** 2^32 frames of a station are 3 years of MP3; both numbers together stay exact. */
const STATION = 2 ** 32

/**
 * Holds what was recorded against what was really sent, frame by frame. Files and ledger are read as any other program would read them.
 * A frame counts as lost when it was sent and stands in no file; but what was on its way when the recorder itself hung up is `unread`.
 */
export async function compareRecordings({ directory, source, sent }: CompareOptions): Promise<Comparison> {
  const ledger = await readLedgerLines(directory, source)
  const streams = new Map(sent.flatMap(({ parts }) => parts.map(({ stream }) => [stream.station, stream])))
  const files = await readFrames(directory, ledger, [...streams.values()])
  const sentKeys = new Set<number>()
  for (const [key] of framesSent(sent)) sentKeys.add(key)
  const walk = walkFiles(files, sentKeys)
  const unreadOf = sent.map((log) => ({ log, keys: unreadFrames(log, walk.seen) }))
  const unread = new Set(unreadOf.flatMap(({ keys }) => keys))
  // what another connection was sent, too, and the station ended, is lost
  for (const [key, log] of framesSent(sent)) if (log.endedBy === 'station') unread.delete(key)
  const lost = [...sentKeys].filter((key) => !walk.seen.has(key) && !unread.has(key)).sort((a, b) => a - b)
  const holes = holesBetween(files, sentKeys, streams, ledger)
  const secondsOf = (keys: Iterable<number>) => {
    let seconds = 0
    for (const key of keys) seconds += streams.get(stationOf(key))!.frameSeconds
    return seconds
  }
  const counts = {
    lost: lost.map((key) => ({ station: stationOf(key), number: key % STATION })),
    lostSeconds: secondsOf(lost),
    doubled: walk.doubled,
    misordered: walk.misordered,
    damaged: walk.damaged,
    unknown: walk.unknown,
    strayBytes: files.reduce((sum, { strayBytes }) => sum + strayBytes, 0),
  }
  const isPerfect =
    Object.values(counts).every((count) => (typeof count === 'number' ? count === 0 : count.length === 0)) &&
    holes.every(({ isHidden, toldSeconds }) => !isHidden && toldSeconds !== undefined)
  return {
    source: source ?? '',
    files: files.filter(({ frames }) => frames.length > 0).length,
    sent: sentKeys.size,
    recorded: walk.seen.size,
    ...counts,
    unread: unread.size,
    unreadSeconds: secondsOf(unread),
    unreadOf: unreadOf.map(({ log, keys }) => ({ connection: log.connection, seconds: secondsOf(keys) })),
    holes,
    gaps: ledger.gaps.length,
    seams: ledger.seams.length,
    discards: discardsByReason(ledger),
    isPerfect,
  }
}

const stationOf = (key: number) => Math.floor(key / STATION)

function* framesSent(sent: readonly SentLog[]): Generator<[key: number, log: SentLog]> {
  for (const log of sent)
    for (const { stream, ranges } of log.parts)
      for (const { from, to } of ranges)
        for (let number = from; number < to; number++) yield [stream.station * STATION + number, log]
}

/** What stands in the files, in their order. */
function walkFiles(files: readonly RecordedFrames[], sent: ReadonlySet<number>) {
  const seen = new Set<number>()
  const count = { doubled: 0, misordered: 0, damaged: 0, unknown: 0 }
  const latest = new Map<number, number>()
  for (const { station, number, isWhole } of files.flatMap(({ frames }) => frames)) {
    const key = station * STATION + number
    if (!isWhole) {
      count.damaged++
      continue
    }
    if (!sent.has(key)) count.unknown++
    if (seen.has(key)) count.doubled++
    else if (number < (latest.get(station) ?? -1)) count.misordered++
    seen.add(key)
    latest.set(station, Math.max(number, latest.get(station) ?? -1))
  }
  return { seen, ...count }
}

/** The end of what a connection was sent which the recorder itself ended: frames that stand in no file. */
function unreadFrames(log: SentLog, seen: ReadonlySet<number>): number[] {
  const unread: number[] = []
  if (log.endedBy === 'station') return unread
  const keys = [...framesSent([log])].map(([key]) => key)
  for (let index = keys.length - 1; index >= 0 && !seen.has(keys[index]); index--) unread.push(keys[index])
  return unread
}

function holesBetween(
  files: readonly RecordedFrames[],
  sent: ReadonlySet<number>,
  streams: ReadonlyMap<number, NumberedStream>,
  { gaps }: LedgerLines,
): Hole[] {
  const holes: Hole[] = []
  let before: { station: number; number: number; file: RecordedFrames } | undefined
  for (const file of files) {
    for (const { station, number, isWhole } of file.frames) {
      if (!isWhole) continue
      if (before?.station === station && number > before.number + 1) {
        const isHidden = before.file === file
        const told = gaps.find(({ run }) => !isHidden && run === before!.file.run)
        const [from, to] = [before.number + 1, number]
        let sentFrames = 0
        for (let missing = from; missing < to; missing++) if (sent.has(station * STATION + missing)) sentFrames++
        const seconds = (to - from) * streams.get(station)!.frameSeconds
        const place = { station, from, to, seconds, sentFrames, after: before.file.name, isHidden }
        holes.push({ ...place, ...(told && { toldSeconds: told.seconds }) })
      }
      before = { station, number, file }
    }
  }
  return holes
}

function discardsByReason({ discards }: LedgerLines): Record<string, number> {
  const byReason: Record<string, number> = {}
  for (const { reason, bytes } of discards) byReason[reason] = (byReason[reason] ?? 0) + bytes
  return byReason
}
