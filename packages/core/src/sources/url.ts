import { HttpSource } from './http/http-source.js'
import type { Source } from './source.js'

/**
 * The source behind an address: `http://` and `https://`.
 * @param name - name of the source; by default made of the address
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for any other address
 */
export function sourceFromUrl(url: string | URL, name?: string): Source {
  return new HttpSource({ url, name })
}
