import { ConfigError, IsrError } from '@isr/core'
import { unexpectedMessage } from '../output/errors.js'

/** Why a server does not start, and how to mend it. */
export function serveFault(error: unknown): string {
  const isSaid = error instanceof ConfigError || (error instanceof IsrError && error.code === 'ISR_LISTEN_FAILED')
  return isSaid ? error.message : unexpectedMessage(error)
}
