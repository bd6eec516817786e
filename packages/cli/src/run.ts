import { Command, CommanderError } from 'commander'
import { IsrError } from '@isr/core'
import packageJson from '../package.json' with { type: 'json' }
import { commands } from './commands/index.js'
import type { CommandContext } from './commands/command.js'
import type { Io } from './io.js'
import { printError, unexpectedMessage, UsageError } from './output/errors.js'

const VERSION = [packageJson.version, '--version', 'tell the version'] as const

/** What tests replace beside the world. */
export type RunOptions = Pick<CommandContext, 'createStation'>

/**
 * Runs the command line. Never rejects.
 * @param argv - arguments without program and script
 * @returns the exit code: 0 done, 1 failed, 2 usage or configuration
 */
export async function run(argv: readonly string[], io: Io, options: RunOptions = {}): Promise<number> {
  let exitCode = 0
  const finish = (code: number): void => {
    exitCode = code
  }
  try {
    await createProgram({ io, finish, ...options }).parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said what is wrong; help and version are no fault.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const usage = error instanceof UsageError
    printError(io.stderr, usage ? error.message : unexpectedMessage(error))
    return usage || (error instanceof IsrError && error.code === 'ISR_ARGUMENT_INVALID') ? 2 : 1
  }
}

function createProgram(context: CommandContext): Command {
  const { io } = context
  const program = new Command('isr')
    .description(packageJson.description)
    .version(...VERSION)
    .helpOption('-h, --help', 'tell how to use it')
    .helpCommand('help [command]', 'tell how to use a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
      getOutHasColors: () => io.stdout.hasColors,
      getErrHasColors: () => io.stderr.hasColors,
      outputError: (message) =>
        printError(
          io.stderr,
          `${message
            .trim()
            .replace(/^error: /, '')
            .replace(/\.$/, '')
            .replaceAll('\n', ' ')}; see --help`,
        ),
    })
  for (const add of commands) add(program, context)
  for (const command of program.commands) command.version(...VERSION)
  return program
}
