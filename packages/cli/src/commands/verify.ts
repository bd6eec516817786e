import { adoptFolder, namingsIn, readConfig, verifyFolder, type AdoptOutcome, type VerifyReport } from '@isr/core'
import { paint } from '../output/plain-lines.js'
import { UsageError } from '../output/errors.js'
import { printable } from '../output/safe-text.js'
import { formatDuration } from '../output/units.js'
import { findArchive, type Archive } from './archive/find-archive.js'
import { ProgressLine } from './archive/progress-line.js'
import { showReport } from './archive/show-report.js'
import type { AddCommand, CommandContext } from './command.js'
import { DEFAULT_CONFIG } from './record/record-plan.js'

interface Flags {
  readonly json?: boolean
  readonly adopt?: boolean
  readonly source?: string
  readonly pattern?: string
  readonly timezone?: string
  readonly config?: string
}

const HELP = `
PATH is a folder of recordings, a folder inside of one, or a file. Every line of the ledger, every byte and frame of
the files, every run, gap and seal is checked; nothing is changed. It may run while the folder is recorded into.

--adopt first enters the recordings that the ledger does not know: those of another program, or of a ledger that was
lost. Times come from tags, else from names: by --pattern, by the patterns of ${DEFAULT_CONFIG}, or as usual
(20261122_170000). Files and lines that are there are not changed.

Exits with 0 when all is well, 1 when something is not as it was recorded, 2 when the call is wrong.

Examples:
  isr verify recordings
  isr verify recordings/2026/11/22 --json
  isr verify old --adopt --source "Radio One" --pattern %Y-%m-%d_%H%M`

/** `isr verify PATH...` */
export const addVerify: AddCommand = (program, context) => {
  program
    .command('verify')
    .description('prove recordings against their ledger')
    .argument('<path...>', 'folders of recordings, or files')
    .option('--json', 'the result as one JSON line on standard output')
    .option('--adopt', 'enter recordings that the ledger does not know')
    .option('--source <name>', 'with --adopt: source of files that do not tell theirs')
    .option('--pattern <p>', 'with --adopt: strftime pattern of their names, without extension')
    .option('--timezone <zone>', 'with --adopt: IANA zone of times in names')
    .option('--config <file>', `with --adopt: configuration with the patterns (default: ${DEFAULT_CONFIG})`)
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], flags: Flags) => {
      await verify(paths, flags, context)
    })
}

async function verify(paths: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  const { io, finish } = context
  if (!flags.adopt && (flags.source ?? flags.pattern ?? flags.timezone ?? flags.config) !== undefined)
    throw new UsageError('--source, --pattern, --timezone and --config need --adopt')
  const archives: Archive[] = []
  for (const path of paths) archives.push(await findArchive(path))
  const progress = new ProgressLine(io)
  const silence = io.listen({ onSignal: () => io.exit(1), onFatal: () => io.exit(1) })
  const adopted: AdoptOutcome[] = []
  const reports: VerifyReport[] = []
  try {
    for (const archive of archives) {
      if (flags.adopt) adopted.push(...(await adopt(archive, flags, context)))
      const only = filterOf(archive)
      const report = await verifyFolder({
        directory: archive.directory,
        clock: io.clock,
        ...(only && { only }),
        onProgress: ({ name, doneBytes, totalBytes }) => progress.show(doneBytes, totalBytes, name),
      })
      progress.clear()
      reports.push(report)
      if (!flags.json) showReport(io.stdout, report)
    }
  } finally {
    progress.clear()
    silence()
  }
  const isGood = reports.every((report) => report.isGood)
  if (flags.json) io.stdout.write(`${JSON.stringify({ isGood, reports, ...(flags.adopt && { adopted }) })}\n`)
  finish(isGood ? 0 : 1)
}

function filterOf({ inside, isFile }: Archive): ((name: string) => boolean) | undefined {
  if (inside === undefined) return undefined
  return (name) => name === inside || (!isFile && name.startsWith(`${inside}/`))
}

async function adopt(
  { directory, isFile }: Archive,
  flags: Flags,
  { io }: CommandContext,
): Promise<readonly AdoptOutcome[]> {
  if (isFile) throw new UsageError('--adopt takes folders')
  const { config } = await readConfig(flags.config ?? DEFAULT_CONFIG, { env: io.env })
  if (!config && flags.config !== undefined)
    throw new UsageError(`${flags.config} cannot be read; isr check-config tells why`)
  const zone = flags.timezone === undefined ? {} : { timeZone: flags.timezone }
  const typed = flags.pattern === undefined ? [] : [{ source: flags.source ?? '', pattern: flags.pattern, ...zone }]
  return adoptFolder({
    directory,
    clock: io.clock,
    ...(flags.source !== undefined && { source: flags.source }),
    ...zone,
    namings: [...typed, ...(config ? namingsIn(directory, config) : [])],
    onOutcome: (outcome) => {
      if (!flags.json) io.stdout.write(`${describe(outcome, io.stdout.hasColors)}\n`)
    },
  })
}

function describe({ name, recording, timeFrom, reason, error }: AdoptOutcome, hasColors: boolean): string {
  if (!recording) return paint(printable(`${name}: not taken in: ${reason ?? error?.message}`), 'WARNING', hasColors)
  const { startedAt, durationSeconds, source } = recording
  const from = timeFrom === 'file' ? ' (by the time of its last change)' : ''
  return printable(`${name}: taken in as ${source}, ${startedAt}${from}, ${formatDuration(durationSeconds)}`)
}
