import { SourceError } from '../../errors.js'
import type { IsrErrorCode } from '../../errors.js'

/** How far a connection had come when it failed. */
export type TransportPhase = 'connecting' | 'handshake' | 'open'

/** What the usual system errors mean. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name does not resolve for now',
  ECONNREFUSED: 'the connection is refused',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'nothing answers',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed by the other side',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  EPROTO: 'it does not speak TLS, or none that is known here',
}

/** Somebody was there and hung up. */
const RESET_CODES = new Set(['ECONNRESET', 'EPIPE'])
/** The network failed below TLS. */
const NETWORK_CODES = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'])

/** A socket's error as a {@link SourceError} with a stable code and plain words. */
export function transportError(error: Error, peer: string, phase: TransportPhase): SourceError {
  const systemCode = systemCodeOf(error)
  const words = WORDS[systemCode] ?? (systemCode || error.message)
  return new SourceError(codeOf(systemCode, phase), `${peer}: ${words} (${systemCode || 'error'})`, { cause: error })
}

/** Attempts on several addresses fail together as one AggregateError. */
function systemCodeOf(error: NodeJS.ErrnoException): string {
  if (error.code) return error.code
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return systemCodeOf(error.errors[0])
  return ''
}

function codeOf(systemCode: string, phase: TransportPhase): IsrErrorCode {
  if (phase === 'open' || RESET_CODES.has(systemCode)) return 'ISR_SOURCE_RESET'
  if (phase === 'connecting') return 'ISR_SOURCE_UNREACHABLE'
  return NETWORK_CODES.has(systemCode) ? 'ISR_SOURCE_RESET' : 'ISR_SOURCE_TLS'
}
