import type { Library, LibraryEntry } from '@isr/core'
import { HttpError } from '../http/http-error.js'

/** The recording of that name. @throws {@link HttpError} 404 when there is none */
export function knownRecording({ library }: { readonly library: Pick<Library, 'get'> }, name: string): LibraryEntry {
  const entry = library.get(name)
  if (!entry) throw new HttpError(404, 'HTTP_NOT_FOUND', 'there is no recording of that name')
  return entry
}
