import type { FeedItem } from './feed-items.js'

/** What a feed says of itself. */
export interface FeedFacts {
  /** For people. */
  readonly title: string
  /** Address of the page. */
  readonly link: string
  /** Address of the feed. */
  readonly self: string
}

/** A podcast of recordings. @source RSS 2.0 Specification; Apple's podcast namespace for the length */
export function rssOf({ title, link, self }: FeedFacts, items: readonly FeedItem[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel>
<title>${xml(title)}</title>
<link>${xml(link)}</link>
<description>${xml(title)}</description>
<atom:link href="${xml(self)}" rel="self" type="application/rss+xml"/>
${items.map(itemOf).join('')}</channel>
</rss>
`
}

function itemOf({ name, title, url, startedAt, durationSeconds, bytes, type }: FeedItem): string {
  const duration =
    durationSeconds === undefined ? '' : `\n<itunes:duration>${Math.round(durationSeconds)}</itunes:duration>`
  return `<item>
<title>${xml(title)}</title>
<guid isPermaLink="false">${xml(name)}</guid>
<pubDate>${startedAt.toUTCString()}</pubDate>
<enclosure url="${xml(url)}" length="${bytes}" type="${xml(type)}"/>${duration}
</item>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text as it may stand in XML; what no XML can hold goes. @source XML 1.0 §2.2 */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
