import { isIP } from 'node:net'

/**
 * Whether a `Host` header may be answered. A page of an attacker can give its own name our address (DNS rebinding), but it cannot make a
 * browser send an address or our name.
 * @param allowed - names in lower case that are ours, beside addresses and `localhost`
 */
export function isKnownHost(header: string | undefined, allowed: ReadonlySet<string>): boolean {
  const name = hostNameOf(header)
  if (name === undefined) return false
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowed.has(name)
}

/** Without port and brackets, in lower case; undefined when it is none. */
function hostNameOf(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '')
}
