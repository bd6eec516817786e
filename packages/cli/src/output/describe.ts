import type { IsrError, RecorderEvents } from '@isr/core'
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

type Describers = { readonly [K in keyof RecorderEvents]: (event: Parameters<RecorderEvents[K]>[0]) => Description }

const describers: Describers = {
  state: ({ from, to }) => ({ level: 'DEBUG', text: `${from} -> ${to}` }),
  'run:start': ({ facts }) => {
    const known = Object.entries(facts).map(([key, value]) => `${key}=${value}`)
    return { level: 'INFO', text: known.length > 0 ? `connected: ${known.join(', ')}` : 'connected' }
  },
  // The words of the cause come with the retry, the error or the stop that follows.
  'run:end': ({ receivedBytes, cause }) => ({
    level: 'INFO',
    text: `disconnected after ${formatBytes(receivedBytes)} (${cause.code})`,
  }),
  'recording:open': ({ name }) => ({ level: 'INFO', text: `recording ${name}` }),
  'recording:close': ({ name, durationSeconds, sizeBytes, closedBy }) => ({
    level: 'INFO',
    text: `closed ${name} (${formatDuration(durationSeconds)}, ${formatBytes(sizeBytes)}${closedBy ? `, ${closedBy}` : ''})`,
  }),
  gap: ({ from, to, seconds, cause }) => ({
    level: 'WARNING',
    text: `gap of ${seconds.toFixed(1)} s, ${localClock(from)} to ${localClock(to)} (${cause.code})`,
  }),
  discard: ({ bytes, reason }) => ({
    // What is beside the audio by nature is no news.
    level: reason === 'tag' || reason === 'foreign' ? 'DEBUG' : 'INFO',
    text: `${formatBytes(bytes)} received and not kept: ${reason}`,
    reason,
  }),
  metadata: ({ values }) => {
    const { title, ...others } = values
    if (title !== undefined) return { level: 'INFO', text: `title: ${title}` }
    return { level: 'DEBUG', text: `metadata: ${JSON.stringify(others)}` }
  },
  retry: ({ retryAt, cause }) => ({
    level: 'WARNING',
    text: `${wordsOf(cause)}; next attempt at ${localClock(retryAt)}`,
    reason: reasonOf(wordsOf(cause)),
  }),
  warning: ({ message }) => ({ level: 'WARNING', text: message, reason: reasonOf(message) }),
  error: ({ error }) => ({ level: 'ERROR', text: wordsOf(error), reason: reasonOf(wordsOf(error)) }),
}

/** Every event of a station. */
export const EVENTS = Object.keys(describers) as (keyof RecorderEvents)[]

/** An event in words. */
export function describe<K extends keyof RecorderEvents>(
  name: K,
  event: Parameters<RecorderEvents[K]>[0],
): Description {
  return describers[name](event)
}

function wordsOf({ message, code }: IsrError): string {
  return `${message} (${code})`
}

/** File names and times change with every attempt, the reason does not. */
function reasonOf(words: string): string {
  return words.replace(/\d+/g, '#')
}
