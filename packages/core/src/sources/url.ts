import { HEAD_TIMEOUT_MS, HttpSource } from './http/http-source.js'
import type { Source } from './source.js'

/**
 * The source behind an address: `http://` and `https://`.
 * @param name - name of the source; by default made of the address
 * @param patienceMs - longest wait for an answer, in milliseconds, when that is less than usual
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for any other address
 */
export function sourceFromUrl(url: string | URL, name?: string, patienceMs = Infinity): Source {
  return new HttpSource({ url, name, headTimeoutMs: Math.min(HEAD_TIMEOUT_MS, patienceMs) })
}
