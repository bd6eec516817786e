/** A title or a name in a tag has at most this many bytes of UTF-8; what stations send is shorter. */
const MOST_TEXT_BYTES = 1000

// NUL ends texts in most tags, line ends divide what tools print, the others move the cursor of a terminal
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu

/**
 * `text` as it may stand in a tag: on one line, without control characters, trimmed, at most `mostBytes` of UTF-8. What is no
 * valid UTF-16 becomes U+FFFD when it is encoded. Titles come from the network: nothing of them may break a container.
 */
export function tagText(text: string, mostBytes: number = MOST_TEXT_BYTES): string {
  let bytes = 0
  let end = 0
  // each byte kept may stand behind a control character that is dropped; nobody reads a megabyte of title
  const clean = text
    .slice(0, 8 * mostBytes)
    .replace(CONTROLS, ' ')
    .trim()
  for (const character of clean) {
    bytes += utf8Bytes(character.codePointAt(0)!)
    if (bytes > mostBytes) break
    end += character.length
  }
  return clean.slice(0, end).trimEnd()
}

/** A lone surrogate takes the 3 bytes of U+FFFD. */
function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
