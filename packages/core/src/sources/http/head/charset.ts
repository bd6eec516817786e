/** Windows-1252, 0x80 to 0x9F: what stations mean when they announce nothing. */
const WINDOWS_1252_C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Text of unknown charset: UTF-8 when it is valid UTF-8, else Windows-1252 (latin1 with the quotes people use). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    return latin1.replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252_C1[character.charCodeAt(0) - 0x80])
  }
}

/** A header value, which was read as latin1, in the charset its sender meant. */
export function decodeHeaderValue(latin1: string): string {
  return decodeText(Buffer.from(latin1, 'latin1'))
}
