import type { FeedItem } from './feed-items.js'

/** A playlist of recordings. @source RFC 8216 §4.3.2.1 for `#EXTINF`; -1 for an unknown length is what players write */
export function m3uOf(items: readonly FeedItem[]): string {
  const lines = items.flatMap(({ title, url, durationSeconds }) => [
    `#EXTINF:${durationSeconds === undefined ? -1 : Math.round(durationSeconds)},${oneLine(title)}`,
    url,
  ])
  return ['#EXTM3U', ...lines, ''].join('\n')
}

/** A name must not become a line of its own. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')
}
