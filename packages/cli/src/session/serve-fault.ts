import { ConfigError } from '@isr/core'
import { unexpectedMessage } from '../output/errors.js'

/** Why a server does not start, and how to mend it. */
export function serveFault(error: unknown): string {
  const {
    code,
    address = 'this machine',
    port = '?',
  } = error as NodeJS.ErrnoException & { readonly address?: string; readonly port?: number }
  if (error instanceof ConfigError) return error.message
  if (code === 'EADDRINUSE')
    return `port ${port} of ${address} is taken, perhaps by another isr: choose another with --port`
  if (code === 'EACCES') return `port ${port} needs more rights: choose one above 1023 with --port`
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${address}: see --host`
  return unexpectedMessage(error)
}
