import { parseArgs } from 'node:util'
import { ConfigError, VERSION } from '@isr/core'
import { readServeFlags, SERVE_FLAGS, type ServeFlagValues } from './program/flags.js'
import { programLog } from './program/log.js'
import { IsrServer } from './server.js'

const HELP = `Usage: isr-server [FLAGS] [FOLDER]

Serves a folder of recordings over HTTP: listed, played while they grow, in the browser or by any program.

${SERVE_FLAGS.map(({ name, value, description }) => `  ${`--${name}${value ? ` <${value}>` : ''}`.padEnd(26)}${description}`).join('\n')}
  --help                    tell how to use it
  --version                 tell the version
`

process.exitCode = await main()

async function main(): Promise<number> {
  let typed: ReturnType<typeof readArguments>
  try {
    typed = readArguments()
  } catch (error) {
    return fail(`${(error as Error).message}; see --help`)
  }
  const { values, positionals } = typed
  if (values.help === true) return say(HELP)
  if (values.version === true) return say(`${VERSION}\n`)
  if (positionals.length > 1) return fail('one folder can be served; see --help')
  const [folder] = positionals
  try {
    const options = readServeFlags({ ...values, ...(folder !== undefined && { dir: folder }) }, process.env)
    const server = await IsrServer.start({ ...options, log: programLog() })
    say(`serving ${options.directory} at ${server.url}\n`)
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    await server.close()
    return 0
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message)
    process.stderr.write(`isr-server: ${(error as Error).message}\n`)
    return 1
  }
}

function readArguments(): { readonly values: ServeFlagValues; readonly positionals: readonly string[] } {
  const type = (value: string | undefined) => ({ type: value === undefined ? 'boolean' : 'string' }) as const
  const flags = Object.fromEntries(SERVE_FLAGS.map(({ name, value }) => [name, type(value)]))
  const options = { ...flags, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const
  return parseArgs({ options, allowPositionals: true })
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function fail(message: string): number {
  process.stderr.write(`isr-server: ${message}\n`)
  return 2
}
