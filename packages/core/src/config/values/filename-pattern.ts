import { quoted } from './parsers.js'
import type { Parser } from './parsers.js'

/** `%`, flags, width, modifier, code. */
const DIRECTIVE = /%[-_0^#]*\d*[EO]?(:z|.)?/gsu
/** What strftime replaces by a part of the time; `%%`, `%n` and `%t` are none, and anything else stays as it stands. */
const TIME_CODE = /^([aAbBcCdDeFfgGhHIjklmMpPrRsSTuUVwWxXyYzZ]|:z)$/

/** Longest component of a pattern as it is written, in bytes: what it makes must fit into 255 beside a source's name. */
const MOST_COMPONENT_BYTES = 100

/**
 * A strftime pattern for file names. A pattern with every `%` doubled was written for a configparser with interpolation,
 * where `%%` stands for `%`: it is taken so, with a warning. Otherwise `%%` is a per cent sign, as strftime says.
 */
export const filenamePattern: Parser<string> = (text) => {
  const undoubled = text.replaceAll('%%', '%')
  const doubled = !text.replaceAll('%%', '').includes('%') && codesOf(undoubled).some(isTimeCode)
  const value = doubled ? undoubled : text
  const codes = codesOf(value)
  const mend = 'write a pattern without extension, below output_directory'
  // eslint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(value) || codes.includes('n') || codes.includes('t'))
    return { fault: 'it makes control characters', mend }
  if (codes.includes('')) return { fault: `${quoted(text)} ends in a lone %`, mend: 'write %% for a per cent sign' }
  if (value.startsWith('/'))
    return { fault: `${quoted(text)} begins with /`, mend: 'set the folder in output_directory' }
  if (value.endsWith('/')) return { fault: `${quoted(text)} ends in /, which leaves no file name`, mend }
  if (value.split('/').includes('..')) return { fault: `${quoted(text)} leaves the output directory with ..`, mend }
  const shape = faultOfShape(value)
  if (shape !== undefined) return { fault: `${quoted(text)} ${shape}`, mend }
  if (doubled)
    return {
      value,
      warning: `every % is doubled, as interpolation wanted it; read as ${quoted(value)}, better write that`,
    }
  const unknown = codes.find((code) => code !== '%' && !isTimeCode(code))
  if (unknown !== undefined) return { value, warning: `%${unknown} is no code of strftime and stays as it stands` }
  if (/(^|\/)\./.test(value)) return { value, warning: 'names that begin with a dot are hidden from most programs' }
  if (codes.some(isTimeCode)) return { value }
  return { value, warning: 'it holds no time, so all files get the same name with _1, _2, ... added' }
}

/** What makes it no path of files, when nothing more telling does. */
function faultOfShape(value: string): string | undefined {
  const parts = value.split('/')
  if (value.includes('\\')) return 'holds a \\; folders are divided by /'
  if (parts.includes('') || parts.includes('.')) return 'names a folder without a name'
  if (parts.some((part) => Buffer.byteLength(part) > MOST_COMPONENT_BYTES)) return 'makes names that are too long'
  return undefined
}

/** Codes of the directives; the empty one is a pattern that ends amid a directive. */
function codesOf(pattern: string): string[] {
  return [...pattern.matchAll(DIRECTIVE)].map((match) => match[1] ?? '')
}

function isTimeCode(code: string): boolean {
  return TIME_CODE.test(code)
}
