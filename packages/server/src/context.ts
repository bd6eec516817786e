import type { Clock } from '@isr/core'
import type { Logger } from 'pino'

/** What every route works with. */
export interface ServerContext {
  /** Folder of the recordings. */
  readonly directory: string
  /** Time and timers. */
  readonly clock: Clock
  /** For whoever runs the server. */
  readonly log: Logger
}
