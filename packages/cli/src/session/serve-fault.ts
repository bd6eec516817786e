import { ConfigError } from '@isr/core'
import { unexpectedMessage } from '../output/errors.js'

/** Why a server does not start, and how to mend it. */
export function serveFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof ConfigError) return error.message
  if (code === 'EADDRINUSE') return 'that port is taken: choose another with --port'
  if (code === 'EACCES') return 'that port needs more rights: choose one above 1023 with --port'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address: see --host'
  return unexpectedMessage(error)
}
