import { setImmediate } from 'node:timers/promises'
import type { LibraryEntry } from '@isr/core'
import { dateOf, DAY_SECONDS, dayOf } from './dates.js'
import { STEP_SECONDS, type LevelCurves } from './level-curves.js'

/** Levels of the slots of a day in dBFS; null where nothing was recorded or measured. */
export type LevelStrip = (number | null)[]

/** Which strips are wanted. */
export interface StripsWanted {
  /** Days. */
  readonly dates: ReadonlySet<string>
  /** Names of sources; all without it. */
  readonly sources?: readonly string[]
  /** Slots of a day. */
  readonly slots: number
}

/** Files that are read at the same time. */
const READERS = 8
/** Recordings between two turns of others. */
const TURN_FILES = 500

/** The level of each slot of each day of each source: the loudest stretch of 20 s that touches it. By `<day> <source>`. */
export async function levelStrips(
  entries: readonly LibraryEntry[],
  curves: LevelCurves,
  { dates, sources, slots }: StripsWanted,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LevelStrip>> {
  const wanted = sources && new Set(sources)
  const days = new Set([...dates].map(dayOf))
  const touched = entries.filter(
    (entry) => (!wanted || wanted.has(entry.source)) && daysOf(entry).some((day) => days.has(day)),
  )
  await readAll(touched, curves, signal)
  const strips = new Map<string, LevelStrip>()
  const stripOf = (day: number, source: string) => {
    if (!days.has(day)) return undefined
    const key = `${dateOf(day)} ${source}`
    const strip = strips.get(key) ?? Array.from({ length: slots }, () => null)
    strips.set(key, strip)
    return strip
  }
  for (const [index, entry] of touched.entries()) {
    if (index % TURN_FILES === TURN_FILES - 1) await setImmediate()
    const levels = curves.get(entry)?.levels
    if (levels) draw(entry, levels, slots, (day) => stripOf(day, entry.source))
  }
  return strips
}

function draw(
  entry: LibraryEntry,
  levels: Float32Array,
  slots: number,
  stripOf: (day: number) => LevelStrip | undefined,
): void {
  const start = localSeconds(entry)
  const end = start + (entry.durationSeconds ?? levels.length * STEP_SECONDS)
  const slotSeconds = DAY_SECONDS / slots
  let day = NaN
  let strip: LevelStrip | undefined
  for (let step = 0; step < levels.length; step++) {
    const from = start + step * STEP_SECONDS
    const to = Math.min(from + STEP_SECONDS, end)
    const level = Math.round(levels[step] * 10) / 10
    for (let slot = Math.floor(from / slotSeconds); slot * slotSeconds < to; slot++) {
      const slotDay = Math.floor(slot / slots)
      if (slotDay !== day) strip = stripOf(slotDay)
      day = slotDay
      if (strip) strip[slot - day * slots] = Math.max(strip[slot - day * slots] ?? -Infinity, level)
    }
  }
}

async function readAll(entries: readonly LibraryEntry[], curves: LevelCurves, signal: AbortSignal): Promise<void> {
  const unread = entries.filter((entry) => !curves.get(entry))
  let next = 0
  const reader = async () => {
    while (next < unread.length && !signal.aborted) await curves.read(unread[next++])
  }
  await Promise.all(Array.from({ length: Math.min(READERS, unread.length) }, reader))
}

/** Days that a recording touches. */
function daysOf(entry: LibraryEntry): number[] {
  const start = localSeconds(entry)
  const first = Math.floor(start / DAY_SECONDS)
  const last = Math.floor((start + (entry.durationSeconds ?? 0)) / DAY_SECONDS)
  return Array.from({ length: last - first + 1 }, (_, day) => first + day)
}

/** The wall clock where it was made. */
function localSeconds({ startedAt, utcOffsetMinutes }: LibraryEntry): number {
  return startedAt / 1000 + utcOffsetMinutes * 60
}
