import type { HookTarget } from '../station-config.js'
import { command, httpUrl, type Parser } from './parsers.js'

/** Who is told of an event: an http(s) address, or a program and its arguments. */
export const hookTarget: Parser<HookTarget> = (text) => {
  if (/^https?:/i.test(text)) {
    const url = httpUrl(text)
    return 'value' in url ? { value: { url: url.value } } : url
  }
  const words = command(text)
  return 'value' in words ? { value: { command: words.value } } : words
}
