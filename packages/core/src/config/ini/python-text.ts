/** Python's `str` methods where JavaScript's own differ: JS trims U+FEFF, Python trims U+001C to U+001F and U+0085. */
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/ // eslint-disable-line no-control-regex

/** Index of the first character that Python does not count as white space; the length when there is none. */
export function indentOf(text: string): number {
  let index = 0
  while (index < text.length && SPACE.test(text[index])) index++
  return index
}

/** `text.rstrip()` as Python does it. */
export function stripEnd(text: string): string {
  let end = text.length
  while (end > 0 && SPACE.test(text[end - 1])) end--
  return text.slice(0, end)
}

/** `text.strip()` as Python does it. */
export function strip(text: string): string {
  return stripEnd(text.slice(indentOf(text)))
}

/** Lines as a Python text file gives them: ended by LF, CR LF or CR. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/)
}
