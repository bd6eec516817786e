import { resolve } from 'node:path'
import type { ConfigProblem, StationConfig } from '@isr/core'
import { InvalidArgumentError } from 'commander'
import { printProblems } from '../../output/errors.js'
import { runSession } from '../../session/session.js'
import type { SessionOptions } from '../../session/session.js'
import type { AdHocFlag } from './ad-hoc-sources.js'
import type { AddCommand, CommandContext } from '../command.js'
import { printDevices } from '../devices.js'
import { nameSome } from '../../output/units.js'
import { addServeFlags, serverOptions } from '../serve.js'
import { DEFAULT_CONFIG, planRecording } from './record-plan.js'

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
  readonly listDevices?: boolean
  readonly serve?: boolean
}

const HELP = `
Flags win over the configuration. --url, --device and --demo take the place of its sources; without a named
CONFIG, no file is read then. A --name belongs to the --url or --device before it.

Exits with 0 when done, 1 when a source was given up, none recorded anything, or a recording was lost, 2 when the
call or the configuration is wrong. Ctrl+C closes every file; a second Ctrl+C ends at once.

Examples:
  isr record                                    record what config.ini says
  isr record --demo                             try it without network or sound card
  isr record --url http://host:8000/live.mp3    record one stream, a file per hour
  isr record --device USB                       record the soundcard of that name
  isr record my.ini --duration 3600 --json      record for an hour, events as JSON lines`

/** `isr record [CONFIG]` */
export const addRecord: AddCommand = (program, context) => {
  const adHoc: AdHocFlag[] = []
  let looseName: string | undefined
  const takeSource =
    (flag: AdHocFlag['flag']) =>
    (value: string): void => {
      adHoc.push({ flag, value, ...(looseName !== undefined && { name: looseName }) })
      looseName = undefined
    }
  const takeName = (name: string): void => {
    const last = adHoc.at(-1)
    if (last && last.name === undefined) last.name = name
    else if (looseName === undefined) looseName = name
    else throw new InvalidArgumentError('It needs a --url or --device of its own.')
  }
  const command = program
    .command('record')
    .description('record until stopped')
    .argument('[config]', `configuration file (default: ${DEFAULT_CONFIG})`)
    .option('--url <url>', 'record this stream; may be given several times', takeSource('--url'))
    .option(
      '--device <dev>',
      'record this soundcard: a name that isr devices tells, or a part of it',
      takeSource('--device'),
    )
    .option('--name <name>', 'name of the stream, the soundcard or the demo', takeName)
    .option('--output <dir>', 'folder of the recordings')
    .option('--split-minutes <n>', 'length of a file on the clock, in minutes; decimals allowed')
    .option('--pattern <p>', 'strftime pattern of file names, without extension')
    .option('--format <f>', 'auto, mp3, ogg, aac, flac, opus or wav; soundcards and the demo: wav or flac')
    .option('--duration <seconds>', 'stop cleanly after so many seconds', parseDuration)
    .option('--json', 'every event as one JSON line on standard output')
    .option('--list-devices', 'same as isr devices')
    .option('--demo', 'record the built-in demo: quiet noise with a loud event now and then')
    .option('--serve', 'serve the recordings over HTTP as well; see isr serve for the flags below')
  addServeFlags(command, ({ name }) => name !== 'dir')
    .addHelpText('after', HELP)
    .action(async (config: string | undefined, flags: Flags) => {
      const named = { ...(config !== undefined && { config }), ...(looseName !== undefined && { name: looseName }) }
      if (flags.listDevices) return printDevices(context.io, flags.json === true)
      context.finish(await record({ ...named, adHoc, demo: flags.demo === true }, flags, context))
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
    problems: flags.serve === true ? [...problems, ...unserved(config)] : problems,
    json: flags.json === true,
    ...(flags.duration !== undefined && { durationSeconds: flags.duration }),
    ...(createStation && { createStation }),
    ...(flags.serve === true && { serve: await serverBeside(config, flags, io) }),
  }
  return runSession(options, io)
}

/** The folder of the first source is served. */
async function serverBeside(
  { sources }: StationConfig,
  flags: Flags,
  { env, clock }: CommandContext['io'],
): Promise<NonNullable<SessionOptions['serve']>> {
  const directory = sources[0]?.outputDirectory
  const options = serverOptions({ ...flags, dir: directory }, env)
  const { faultLog, IsrServer } = await import('@isr/server')
  return (station, tell) => IsrServer.start({ ...options, station, clock, log: faultLog(tell) })
}

/** A warning about recordings that the page does not show. */
function unserved({ sources }: StationConfig): ConfigProblem[] {
  const served = resolve(sources[0]?.outputDirectory ?? '')
  const others = sources.filter(({ outputDirectory }) => resolve(outputDirectory) !== served)
  if (others.length === 0) return []
  const names = nameSome(others.map(({ name }) => name))
  const message = `the page shows ${sources[0].outputDirectory} alone; ${names} record elsewhere: isr serve FOLDER --port N shows that, too`
  return [{ file: '', origin: '--serve', message, severity: 'warning' }]
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
