import { existsSync } from 'node:fs'
import { ConfigError } from '@isr/core'
import type { Command } from 'commander'
import type { ServerOptions } from '@isr/server'
import { readServeFlags, SERVE_FLAGS, type ServeFlag, type ServeFlagValues } from '@isr/server/flags'
import { printError, UsageError } from '../output/errors.js'
import { serveFault } from '../session/serve-fault.js'
import type { AddCommand, CommandContext } from './command.js'

const HELP = `
Lists, plays and searches a folder of recordings in the browser or by any program, also while they grow; the recorder may
run in another process. It listens at this machine alone unless --host says more, and then asks for a --token.

Exits with 0 when it was stopped, 1 when it could not start, 2 when the call is wrong.

Examples:
  isr serve
  isr serve /srv/recordings --port 9000
  ISR_TOKEN=... isr serve --host 0.0.0.0 --allow-host shed.lan`

/** `isr serve [DIR]` */
export const addServe: AddCommand = (program, context) => {
  const command = program
    .command('serve')
    .description('serve recordings over HTTP')
    .argument('[dir]', 'folder of the recordings (default: recordings)')
  addServeFlags(command, () => true)
    .addHelpText('after', HELP)
    .action(async (dir: string | undefined, flags: Record<string, string | boolean | undefined>) => {
      context.finish(await serve({ ...flags, ...(dir !== undefined && { dir }) }, context))
    })
}

/** Gives a command the flags of the server. */
export function addServeFlags(command: Command, wanted: (flag: ServeFlag) => boolean): Command {
  for (const flag of SERVE_FLAGS.filter(wanted))
    command.option(`--${flag.name}${flag.value === undefined ? '' : ` <${flag.value}>`}`, flag.description)
  return command
}

/** What flags of commander ask for. @throws {@link UsageError} */
export function serverOptions(
  flags: Readonly<Record<string, unknown>>,
  env: CommandContext['io']['env'],
): Omit<ServerOptions, 'log' | 'clock' | 'station'> {
  const values: ServeFlagValues = Object.fromEntries(
    SERVE_FLAGS.map(({ name }) => [name, flags[camelCase(name)] as string | boolean | undefined]),
  )
  try {
    return readServeFlags(values, env)
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message)
    throw error
  }
}

async function serve(flags: Readonly<Record<string, unknown>>, { io }: CommandContext): Promise<number> {
  const options = serverOptions(flags, io.env)
  const { faultLog, IsrServer } = await import('@isr/server')
  const stopped = new Promise<void>((resolve) => {
    io.listen({ onSignal: () => resolve(), onFatal: () => resolve() })
  })
  try {
    const server = await IsrServer.start({
      ...options,
      clock: io.clock,
      log: faultLog((text) => printError(io.stderr, text)),
    })
    io.stdout.write(`serving ${options.directory} at ${server.url}\n`)
    if (!existsSync(options.directory))
      printError(io.stderr, `there is no folder ${options.directory}: nothing is shown until it is there`)
    await stopped
    await server.close()
    return 0
  } catch (error) {
    printError(io.stderr, serveFault(error))
    return error instanceof ConfigError ? 2 : 1
  }
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
