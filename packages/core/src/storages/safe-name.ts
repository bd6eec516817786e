import { StorageError } from '../errors.js'

const COMPONENT_BYTES = 240

/**
 * Turns words that come from people or stations (source names, titles) into one safe path component:
 * separators, control and reserved characters become `_`, never empty, never hidden, at most `mostBytes` long.
 */
export function safeComponent(text: string, mostBytes = COMPONENT_BYTES): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  const clean = text.replace(/[\u0000-\u001f\u007f/\\:*?"<>|]/g, '_').replace(/^[. ]+/, '')
  return truncateUtf8(clean, mostBytes).replace(/[. ]+$/, '') || '_'
}

/**
 * Checks a storage key: `/`-separated, relative, no `.`, `..`, empty or overlong component, no control characters.
 * @throws {@link StorageError} `ISR_STORAGE_DENIED`
 */
export function checkName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  const bad = /[\u0000-\u001f\u007f\\]/.test(name)
  const parts = name.split('/')
  if (bad || parts.some((part) => part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > 250)) {
    throw new StorageError(
      'ISR_STORAGE_DENIED',
      `${JSON.stringify(name)} is no name for a recording; mend filename_pattern`,
    )
  }
  return name
}

/** `name` with `_1`, `_2`, ... before its extension; `attempt` 0 is the name itself. */
export function suffixedName(name: string, attempt: number): string {
  if (attempt === 0) return name
  const dot = name.lastIndexOf('.')
  return dot > name.lastIndexOf('/') ? `${name.slice(0, dot)}_${attempt}${name.slice(dot)}` : `${name}_${attempt}`
}

/** Cut between characters: half a character would have another name on disk than in the ledger. */
function truncateUtf8(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= mostBytes) return text
  let end = mostBytes
  while ((bytes[end] & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
