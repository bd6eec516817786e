import type { Library, LibraryEntry } from '@isr/core'
import { contentTypeOf } from '../streaming/content-types.js'

/** A recording in a feed. */
export interface FeedItem {
  /** Storage key: names it for ever. */
  readonly name: string
  /** For people. */
  readonly title: string
  /** Where it is. */
  readonly url: string
  /** When it began. */
  readonly startedAt: Date
  /** Length; absent when nobody knows it. */
  readonly durationSeconds?: number
  /** Size of the file. */
  readonly bytes: number
  /** Media type. */
  readonly type: string
}

/** Enough for any reader; feeds are fetched often. */
export const MOST_ITEMS = 200

/** Recordings of a feed that are finished, latest first. @param base - absolute address of the server, with a slash at its end */
export function feedItems(
  library: Pick<Library, 'find'>,
  base: string,
  { sources, limit = MOST_ITEMS }: { readonly sources?: readonly string[]; readonly limit?: number },
): FeedItem[] {
  // a file that grows has no length yet; there are no more of them than sources
  const { entries } = library.find({ ...(sources && { sources }), limit: limit + 1000 })
  return entries
    .filter(({ state, active }) => state !== 'open' && !active)
    .flatMap((entry) => itemOf(entry, base))
    .slice(0, limit)
}

/** None for a name that no address can hold. */
function itemOf({ name, source, startedAt, durationSeconds, sizeBytes }: LibraryEntry, base: string): FeedItem[] {
  if (/\p{Surrogate}/u.test(name)) return []
  return [
    {
      name,
      title: `${source}: ${name}`,
      url: `${base}stream/${name.split('/').map(encodeURIComponent).join('/')}`,
      startedAt: new Date(startedAt),
      ...(durationSeconds !== undefined && { durationSeconds }),
      bytes: sizeBytes,
      type: contentTypeOf(name),
    },
  ]
}
