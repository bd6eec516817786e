import { InvalidArgumentError } from 'commander'
import { printProblems } from '../output/errors.js'
import { runSession } from '../session/session.js'
import type { SessionOptions } from '../session/session.js'
import type { AddCommand, CommandContext } from './command.js'
import { DEFAULT_CONFIG, planRecording } from './record-plan.js'
import type { AdHocUrl } from './record-plan.js'

/** Flags that stand for keys of the configuration. */
const KEY_FLAGS = {
  output: 'output_directory',
  splitMinutes: 'split_minutes',
  pattern: 'filename_pattern',
  format: 'format',
} as const

interface Flags {
  readonly output?: string
  readonly splitMinutes?: string
  readonly pattern?: string
  readonly format?: string
  readonly duration?: number
  readonly json?: boolean
  readonly demo?: boolean
}

const HELP = `
Flags win over the configuration. --url and --demo take the place of its sources; without a named CONFIG,
no file is read then. A --name belongs to the --url before it.

Exits with 0 when done, 1 when a source was given up, none recorded anything, or a recording was lost, 2 when the
call or the configuration is wrong. Ctrl+C closes every file; a second Ctrl+C ends at once.

Examples:
  isr record                                    record what config.ini says
  isr record --demo                             try it without network or sound card
  isr record --url http://host:8000/live.mp3    record one stream, a file per hour
  isr record my.ini --duration 3600 --json      record for an hour, events as JSON lines`

/** `isr record [CONFIG]` */
export const addRecord: AddCommand = (program, context) => {
  const urls: AdHocUrl[] = []
  let looseName: string | undefined
  const takeUrl = (url: string): void => {
    urls.push({ url, ...(looseName !== undefined && { name: looseName }) })
    looseName = undefined
  }
  const takeName = (name: string): void => {
    const last = urls.at(-1)
    if (last && last.name === undefined) last.name = name
    else if (looseName === undefined) looseName = name
    else throw new InvalidArgumentError('It needs a --url of its own.')
  }
  program
    .command('record')
    .description('record until stopped')
    .argument('[config]', `configuration file (default: ${DEFAULT_CONFIG})`)
    .option('--url <url>', 'record this stream; may be given several times', takeUrl)
    .option('--name <name>', 'name of the stream, or of the demo', takeName)
    .option('--output <dir>', 'folder of the recordings')
    .option('--split-minutes <n>', 'length of a file on the clock, in minutes; decimals allowed')
    .option('--pattern <p>', 'strftime pattern of file names, without extension')
    .option('--format <f>', 'auto, mp3, ogg, aac, flac, opus or wav; the demo: flac or wav')
    .option('--duration <seconds>', 'stop cleanly after so many seconds', parseDuration)
    .option('--json', 'every event as one JSON line on standard output')
    .option('--demo', 'record the built-in demo: quiet noise with a loud event now and then')
    .addHelpText('after', HELP)
    .action(async (config: string | undefined, flags: Flags) => {
      const named = { ...(config !== undefined && { config }), ...(looseName !== undefined && { name: looseName }) }
      context.finish(await record({ ...named, urls, demo: flags.demo === true }, flags, context))
    })
}

async function record(
  what: Omit<Parameters<typeof planRecording>[0], 'overrides'>,
  flags: Flags,
  { io, createStation }: CommandContext,
): Promise<number> {
  const { config, problems } = await planRecording({ ...what, overrides: overridesOf(flags) }, io.env)
  if (!config) {
    printProblems(io.stderr, problems)
    return 2
  }
  const options: SessionOptions = {
    config,
    problems,
    json: flags.json === true,
    ...(flags.duration !== undefined && { durationSeconds: flags.duration }),
    ...(createStation && { createStation }),
  }
  return runSession(options, io)
}

function overridesOf(flags: Flags): Parameters<typeof planRecording>[0]['overrides'] {
  const given = Object.entries(KEY_FLAGS).flatMap(([flag, key]) => {
    const text = flags[flag as keyof typeof KEY_FLAGS]
    const label = `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    return text === undefined ? [] : [[key, { text, label }] as const]
  })
  return Object.fromEntries(given)
}

function parseDuration(text: string): number {
  const seconds = Number(text)
  if (/^\d*\.?\d+$/.test(text) && seconds > 0) return seconds
  throw new InvalidArgumentError('Write a number of seconds above 0.')
}
