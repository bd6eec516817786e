import { createSecureContext, rootCertificates } from 'node:tls'
import type { SecureContext } from 'node:tls'

/** By the certificates that are trusted beside the well-known ones; held by the connections that use them. */
const contexts = new Map<string, WeakRef<SecureContext>>()

/**
 * TLS options for PEM certificates that are trusted beside the well-known ones. Connections that trust the same share what OpenSSL
 * keeps of it: with certificates of one's own, one context is 1 MB and 24 ms of reading the well-known ones.
 */
export function trust(certificates: readonly string[] = []): { readonly secureContext: SecureContext } {
  const key = certificates.join('\n')
  const known = contexts.get(key)?.deref()
  if (known) return { secureContext: known }
  const secureContext = createSecureContext(
    certificates.length > 0 ? { ca: [...rootCertificates, ...certificates] } : {},
  )
  for (const [unused, context] of contexts) if (!context.deref()) contexts.delete(unused)
  contexts.set(key, new WeakRef(secureContext))
  return { secureContext }
}
