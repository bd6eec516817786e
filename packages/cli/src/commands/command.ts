import type { Command } from 'commander'
import type { Io } from '../io.js'
import type { SessionOptions } from '../session/session.js'

/** What a command works with. */
export interface CommandContext {
  /** The world around. */
  readonly io: Io
  /** Told the exit code of the command. */
  readonly finish: (exitCode: number) => void
  /** Makes the station of `isr record`. @defaultValue a real one */
  readonly createStation?: SessionOptions['createStation']
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void
