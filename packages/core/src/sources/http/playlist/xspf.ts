const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Locations of an XSPF playlist: the text of each `location` element inside of a `track`. One pass over the tags, so hostile documents
 * cost no more than their length; no entity but the five of XML and character numbers is known, so none is ever expanded or fetched.
 * @source https://xspf.org/spec
 */
export function parseXspf(text: string): string[] {
  const locations: string[] = []
  let inTrack = false
  for (const { tag, content } of tagsOf(text)) {
    if (tag === 'track') inTrack = true
    else if (tag === '/track') inTrack = false
    else if (tag === 'location' && inTrack && content !== '') locations.push(content)
  }
  return locations
}

/** Each tag's lower-case name without prefix (`/name` when it closes) and the text behind it. */
function* tagsOf(text: string): Generator<{ readonly tag: string; readonly content: string }> {
  let at = text.indexOf('<')
  while (at >= 0) {
    if (text.startsWith('<!--', at)) {
      at = after(text, '-->', at)
      at = at < 0 ? -1 : text.indexOf('<', at)
      continue
    }
    const end = text.indexOf('>', at)
    if (end < 0) return
    const [name = ''] = /^\/?[^\s/>]*/.exec(text.slice(at + 1, Math.min(end, at + 100))) ?? []
    const { content, next } = contentAt(text, end + 1)
    yield { tag: name.replace(/[\w-]*:/, '').toLowerCase(), content }
    at = next
  }
}

/** Text up to the next tag; CDATA sections belong to it. */
function contentAt(text: string, start: number): { readonly content: string; readonly next: number } {
  let content = ''
  let at = start
  for (;;) {
    const next = text.indexOf('<', at)
    content += decodeEntities(text.slice(at, next < 0 ? text.length : next))
    if (next < 0 || !text.startsWith('<![CDATA[', next)) return { content: content.trim(), next }
    const close = text.indexOf(']]>', next)
    if (close < 0) return { content: content.trim(), next: -1 }
    content += text.slice(next + 9, close)
    at = close + 3
  }
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? -1 : at + mark.length
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[(name as string).toLowerCase()] ?? all
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}
