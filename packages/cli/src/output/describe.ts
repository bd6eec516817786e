import type { DiscardReason, IsrError, RecorderEvents } from '@isr/core'
import type { Level } from './line.js'
import { formatBytes, formatDuration, localClock } from './units.js'

/** An event in words. */
export interface Description {
  /** How much it matters. */
  readonly level: Level
  /** What happened. */
  readonly text: string
  /** Present for what comes again and again while a fault lasts: equal reasons make equal lines. */
  readonly reason?: string
}

/** What is beside the audio by nature is no news; neither is what a fault costs that an error has told of, nor quiet that was wanted. */
const KNOWN_DISCARDS: readonly DiscardReason[] = ['tag', 'foreign', 'storage', 'plugin', 'quiet']

/** Events that people are told of in words: four levels a second are for programs. */
export type ToldEvent = Exclude<keyof RecorderEvents, 'level'>

const REMOVED_FOR = { age: 'older than keep_days', size: 'more than keep_gb', space: 'less free than min_free_gb' }

type Describers = { readonly [K in ToldEvent]: (event: Parameters<RecorderEvents[K]>[0]) => Description }

const describers: Describers = {
  state: ({ from, to }) => ({ level: 'DEBUG', text: `${from} -> ${to}` }),
  'run:start': ({ facts }) => {
    const known = Object.entries(facts).map(([key, value]) => `${key}=${value}`)
    return { level: 'INFO', text: known.length > 0 ? `connected: ${known.join(', ')}` : 'connected' }
  },
  // The words of the cause come with the retry, the error or the stop that follows; a fault here has been told.
  'run:end': ({ receivedBytes, cause }) => ({
    level: isOwnFault(cause) ? 'DEBUG' : 'INFO',
    text: `disconnected after ${formatBytes(receivedBytes)} (${cause.code})`,
  }),
  'recording:open': ({ name }) => ({ level: 'INFO', text: `recording ${name}` }),
  'recording:close': ({ name, durationSeconds, sizeBytes, closedBy }) => ({
    level: 'INFO',
    text: `closed ${name} (${formatDuration(durationSeconds)}, ${formatBytes(sizeBytes)}${closedBy ? `, ${closedBy}` : ''})`,
  }),
  'recording:remove': ({ name, sizeBytes, reason }) => ({
    level: 'INFO',
    text: `removed ${name} (${formatBytes(sizeBytes)}): ${REMOVED_FOR[reason]}`,
  }),
  seam: ({ at, overlapFrames }) => ({
    level: 'INFO',
    text: `goes on at ${localClock(at)} without a gap (${overlapFrames} frames came again)`,
  }),
  gap: ({ from, to, seconds, cause }) => ({
    level: 'WARNING',
    text: `gap of ${seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`}, ${localClock(from)} to ${localClock(to)} (${cause.code})`,
    // One with each attempt as long as nothing can be written.
    ...(isOwnFault(cause) && { reason: `gap ${cause.code}` }),
  }),
  discard: ({ bytes, reason }) => ({
    level: KNOWN_DISCARDS.includes(reason) ? 'DEBUG' : 'INFO',
    text: `${formatBytes(bytes)} received and not kept: ${reason}`,
    reason,
  }),
  metadata: ({ values }) => {
    const { title, ...others } = values
    if (title !== undefined) return { level: 'INFO', text: `title: ${title}` }
    return { level: 'DEBUG', text: `metadata: ${JSON.stringify(others)}` }
  },
  retry: ({ retryAt, cause }) => ({
    level: isOwnFault(cause) ? 'DEBUG' : 'WARNING',
    text: `${wordsOf(cause)}; next attempt at ${localClock(retryAt)}`,
    ...(!isOwnFault(cause) && { reason: reasonOf(wordsOf(cause)) }),
  }),
  'silence:start': ({ at, levelDb }) => ({
    level: 'WARNING',
    text: `silence since ${localClock(at)} (${dbfs(levelDb)})`,
  }),
  'silence:end': ({ seconds }) => ({ level: 'WARNING', text: `silence is over after ${formatDuration(seconds)}` }),
  'trigger:start': ({ from, levelDb }) => ({
    level: 'INFO',
    text: `sound (${dbfs(levelDb)}): recording from ${localClock(from)}`,
  }),
  'trigger:end': ({ seconds }) => ({ level: 'INFO', text: `quiet again; recorded ${formatDuration(seconds)}` }),
  loudness: ({ name, integratedLufs }) => ({
    level: 'DEBUG',
    text: integratedLufs === undefined ? `${name} is silent` : `loudness of ${name}: ${integratedLufs.toFixed(1)} LUFS`,
  }),
  durability: ({ isLate, lagSeconds, bufferedSeconds, bufferedBytes }) => {
    if (!isLate) return { level: 'INFO', text: 'what was received is on disk again' }
    const waiting = `${formatDuration(bufferedSeconds)}, ${formatBytes(bufferedBytes)}`
    return { level: 'WARNING', text: `the disk is ${lagSeconds.toFixed(1)} s late; ${waiting} wait in memory` }
  },
  warning: ({ message }) => ({ level: 'WARNING', text: message, reason: reasonOf(message) }),
  error: ({ error }) => ({ level: 'ERROR', text: wordsOf(error), reason: reasonOf(wordsOf(error)) }),
}

/** Whether it is this side that failed, which an `error` event has told at once: a volume, or code of somebody else. */
export function isOwnFault({ code }: Pick<IsrError, 'code'>): boolean {
  return code.startsWith('ISR_STORAGE') || code.startsWith('ISR_LEDGER') || code === 'ISR_PLUGIN_FAILED'
}

/** Every event of a station that is told in words. */
export const TOLD_EVENTS = Object.keys(describers) as ToldEvent[]

/** An event in words. */
export function describe<K extends ToldEvent>(name: K, event: Parameters<RecorderEvents[K]>[0]): Description {
  return describers[name](event)
}

/** Digital silence is no figure. */
function dbfs(db: number): string {
  return db <= -200 ? 'digital silence' : `${db.toFixed(1)} dBFS`
}

function wordsOf({ message, code }: IsrError): string {
  return `${message} (${code})`
}

/** File names and times change with every attempt, the reason does not. */
function reasonOf(words: string): string {
  return words.replace(/\d+/g, '#')
}
