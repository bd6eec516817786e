import { extname } from 'node:path'
import { IsrError } from '../../errors.js'

const OGG = ['ogg', 'opus', 'oga']

/** What players take a name for, and the extensions of what it may hold. Other names promise nothing. */
const PROMISES: Readonly<Record<string, readonly string[]>> = {
  '.mp3': ['mp3'],
  '.aac': ['aac'],
  '.ogg': OGG,
  '.oga': OGG,
  '.opus': ['opus'],
  '.flac': ['flac'],
  '.wav': ['wav'],
}

/**
 * A new file must not be called what it is not.
 * @param extension - that of what it holds, without dot
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` that says how to call it
 */
export function checkExtension(output: string, extension: string): void {
  const typed = extname(output)
  if (PROMISES[typed.toLowerCase()]?.includes(extension) ?? true) return
  const name = `${output.slice(0, -typed.length)}.${extension}`
  throw new IsrError(
    'ISR_ARGUMENT_INVALID',
    `${output} would hold what belongs into a .${extension} file, for nothing is encoded anew: name it ${name}`,
  )
}
