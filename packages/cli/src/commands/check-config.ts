import { readConfig } from '@isr/core'
import { printProblems } from '../output/errors.js'
import type { AddCommand } from './command.js'
import { DEFAULT_CONFIG } from './record/record-plan.js'

/** `isr check-config [CONFIG]`: every problem with its line; exit 2 when one is an error. */
export const addCheckConfig: AddCommand = (program, { io, finish }) => {
  program
    .command('check-config')
    .description('tell every problem of a configuration, with line and key')
    .argument('[config]', 'configuration file', DEFAULT_CONFIG)
    .addHelpText('after', '\nExits with 0 when it can be recorded (warnings are no obstacle), with 2 otherwise.')
    .action(async (file: string) => {
      const { config, problems } = await readConfig(file, { env: io.env })
      printProblems(io.stderr, problems)
      if (!config) return finish(2)
      const names = config.sources.map(({ name }) => name).join(', ')
      io.stdout.write(`${file} is good: ${config.sources.length === 1 ? 'source' : 'sources'} ${names}\n`)
    })
}
