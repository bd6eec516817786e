import { exportRecordings, type ExportOptions, type ExportResult } from '@isr/core'
import { InvalidArgumentError, Option } from 'commander'
import { formatBytes, localTime } from '../output/units.js'
import type { Output } from '../output/output.js'
import { printable } from '../output/safe-text.js'
import { formatPosition } from './edit/position.js'
import { runEdit } from './edit/run-edit.js'
import { recordedFolderOf } from './archive/recorded-folders.js'
import type { AddCommand } from './command.js'

interface Flags {
  readonly source: string
  readonly from: number
  readonly to: number
  readonly output: string
  readonly as?: ExportOptions['as']
  readonly fillGaps?: boolean
  readonly json?: boolean
}

const HELP = `
TIME is ISO 8601, such as 2026-11-22T17:00, 2026-11-22T17:00:30.5 (on the clock of this machine) or with an
offset: 2026-11-22T16:00:00Z. Nothing is re-encoded: inside a run files join exactly; where audio is missing the
file goes on with the next, and every gap is told. OUT in .m4a puts AAC into MP4. Without DIR: this folder when it has
a ledger, else the one of config.ini, else recordings.

Exits with 0 when done, with or without gaps, 1 when it failed, 2 when the call is wrong.

Examples:
  isr export --source radio --from 2026-11-22T17:55 --to 2026-11-22T19:05 -o show.mp3
  isr export --source radio --from 2026-11-22 --to 2026-11-23 -o day.wav --as wav --fill-gaps recordings`

/** `isr export --source NAME --from TIME --to TIME -o OUT [DIR]` */
export const addExport: AddCommand = (program, { io, finish }) => {
  program
    .command('export')
    .description('one file from many recordings, without re-encoding')
    .argument('[dir]', 'folder of the recordings')
    .requiredOption('--source <name>', 'whose recordings')
    .requiredOption('--from <time>', 'where the span begins', parseTime)
    .requiredOption('--to <time>', 'where it ends', parseTime)
    .requiredOption('-o, --output <file>', 'new file')
    .addOption(
      new Option('--as <format>', 'decode, so that recordings of different formats fit').choices(['wav', 'flac']),
    )
    .option('--fill-gaps', 'put silence where nothing was recorded (WAV, FLAC, MP3)')
    .option('--json', 'the result as one JSON line on standard output')
    .addHelpText('after', HELP)
    .action(async (named: string | undefined, { fillGaps, json, ...flags }: Flags) => {
      const directory = named ?? (await recordedFolderOf(flags.source, io))
      const options: ExportOptions = { ...flags, directory, ...(fillGaps && { fillGaps: 'silence' }) }
      const result = await runEdit(io, finish, (edit) => exportRecordings({ ...options, ...edit }))
      if (!result) return
      if (json) io.stdout.write(`${JSON.stringify(result)}\n`)
      else tell(result, io.stdout)
    })
}

function tell(result: ExportResult, output: Output): void {
  const { durationSeconds, parts, gaps, overlaps, missing, bytes } = result
  const write = (line: string) => output.write(`${printable(line)}\n`)
  const files = `${parts.length} recording${parts.length === 1 ? '' : 's'}`
  write(`${result.output}: ${formatPosition(durationSeconds)} of ${files}, ${formatBytes(bytes)}`)
  for (const { from, to, seconds, quietSeconds, atSeconds, filledSeconds } of gaps) {
    const filled = filledSeconds > 0 ? `, filled with ${filledSeconds.toFixed(3)} s of silence` : ''
    const at = formatPosition(atSeconds)
    const why = quietSeconds > 0 ? `, ${quietSeconds.toFixed(3)} s of it because it was quiet` : ''
    write(`gap at ${at}: ${localTime(from)} to ${localTime(to)}, ${seconds.toFixed(3)} s not recorded${why}${filled}`)
  }
  for (const { from, seconds, atSeconds } of overlaps) {
    write(`overlap at ${formatPosition(atSeconds)}: ${seconds.toFixed(3)} s from ${localTime(from)} on are there twice`)
  }
  for (const name of missing) write(`missing: ${name}`)
}

/** A moment; without an offset on the clock of this machine. */
function parseTime(text: string): number {
  const [, date, time = 'T00:00', offset = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text) ?? []
  const at = date === undefined ? NaN : Date.parse(`${date}T${time.replace('T', '')}${offset}`)
  if (Number.isFinite(at)) return at
  throw new InvalidArgumentError('Write a time such as 2026-11-22T17:00 or 2026-11-22T16:00:00Z.')
}
