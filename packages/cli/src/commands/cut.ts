import { cut } from '@isr/core'
import { isArchived } from './archive/find-archive.js'
import { formatBytes } from '../output/units.js'
import { formatPosition, parsePosition } from './edit/position.js'
import { runEdit } from './edit/run-edit.js'
import type { AddCommand, CommandContext } from './command.js'

interface Flags {
  readonly start: number
  readonly end: number
  readonly output?: string
  readonly json?: boolean
}

const HELP = `
T is m:ss, h:mm:ss (both with decimals: 1:02.5) or seconds, counted from the start of the file. Nothing is
re-encoded: both ends lie on the first frame at or after T, and what was really taken is told. Without -o the
new file is named by the wall clock where FILE tells it, and lies beside FILE; but in this folder when FILE is one of
the recordings of a ledger, where nothing else belongs.

Exits with 0 when done, 1 when it failed, 2 when the call is wrong.

Examples:
  isr cut rec_20261122_170000.mp3 --start 12:30 --end 14:00
  isr cut rec_20261122_170000.ogg --start 0 --end 90.5 -o intro.ogg`

/** `isr cut FILE --start T --end T [-o OUT]` */
export const addCut: AddCommand = (program, context) => {
  program
    .command('cut')
    .description('cut a stretch out of a file, without re-encoding')
    .argument('<file>', 'recording to cut from')
    .requiredOption('--start <t>', 'where the piece begins', parsePosition)
    .requiredOption('--end <t>', 'where it ends', parsePosition)
    .option('-o, --output <file>', 'new file')
    .option('--json', 'the result as one JSON line on standard output')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: Flags) => {
      await cutFile(file, flags, context)
    })
}

async function cutFile(input: string, { start, end, output, json }: Flags, { io, finish }: CommandContext) {
  const place = output !== undefined ? { output } : (await isArchived(input)) ? { outputDirectory: '.' } : {}
  const options = { input, startSeconds: start, endSeconds: end, ...place }
  const result = await runEdit(io, finish, (edit) => cut({ ...options, ...edit }))
  if (!result) return
  if (json) return io.stdout.write(`${JSON.stringify(result)}\n`)
  const from = formatPosition(result.startSeconds)
  const to = formatPosition(result.endSeconds)
  io.stdout.write(`${result.output}: ${from} to ${to}, ${result.samples} samples, ${formatBytes(result.bytes)}\n`)
}
