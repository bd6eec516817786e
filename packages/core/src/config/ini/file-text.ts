/** The text of a file, or why it is none. */
export type FileText = { readonly text: string } | { readonly fault: string; readonly line?: number }

/** Decodes UTF-8; a byte order mark stays. Anything else is a fault with the line of the first byte that is not UTF-8. */
export function decodeFileText(bytes: Uint8Array): FileText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { fault: 'the file is UTF-16; save it as UTF-8' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { fault: 'the file is not UTF-8 text from here on; save it as UTF-8', line: firstBadLine(bytes) }
  }
}

/** LF and CR are bytes of their own in UTF-8, so lines can be judged one by one. */
function firstBadLine(bytes: Uint8Array): number {
  const strict = new TextDecoder('utf-8', { fatal: true })
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\n|\r/)
  const bad = lines.findIndex((line) => {
    try {
      strict.decode(Buffer.from(line, 'latin1'))
      return false
    } catch {
      return true
    }
  })
  return bad + 1
}
