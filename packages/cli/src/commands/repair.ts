import { IsrError, repairFolder, type RepairOutcome } from '@isr/core'
import { findArchive } from './archive/find-archive.js'
import { recordedFolders } from './archive/recorded-folders.js'
import { UsageError } from '../output/errors.js'
import { paint } from '../output/plain-lines.js'
import { printable } from '../output/safe-text.js'
import { formatBytes, formatDuration } from '../output/units.js'
import type { AddCommand, CommandContext } from './command.js'
import { DEFAULT_CONFIG } from './record/record-plan.js'

const HELP = `
Without DIR: the folders of ${DEFAULT_CONFIG} when there is one, else recordings. A new version of each file is written
beside it, proven to hold every whole frame, and then takes its place; at most the last frame, which was cut,
goes. What a running recorder is writing is not touched. isr record does all this by itself when it starts.

Exits with 0 when done, 1 when a file could not be repaired, 2 when the call is wrong.`

/** `isr repair [DIR]` */
export const addRepair: AddCommand = (program, context) => {
  program
    .command('repair')
    .description('finish what a crash left open')
    .argument('[dir]', 'folder of recordings')
    .option('--json', 'the result as one JSON line on standard output')
    .addHelpText('after', HELP)
    .action(async (directory: string | undefined, { json }: { readonly json?: boolean }) => {
      const directories = directory === undefined ? await recordedFolders(context.io) : [directory]
      await repair(directories, json === true, context)
    })
}

async function repair(directories: readonly string[], json: boolean, { io, finish }: CommandContext): Promise<void> {
  const stop = new AbortController()
  const silence = io.listen({
    onSignal: () => (stop.signal.aborted ? io.exit(1) : stop.abort()),
    onFatal: () => io.exit(1),
  })
  const results: { readonly directory: string; readonly outcomes: readonly RepairOutcome[] }[] = []
  try {
    for (const directory of directories) {
      await findArchive(directory)
      const onOutcome = (outcome: RepairOutcome) => {
        if (!json) io.stdout.write(`${describe(outcome, io.stdout.hasColors)}\n`)
      }
      const outcomes = await repairFolder({ directory, onOutcome, signal: stop.signal, clock: io.clock })
      results.push({ directory, outcomes })
      if (!json) io.stdout.write(`${printable(directory)}: ${summary(outcomes)}\n`)
    }
  } catch (error) {
    if (error instanceof IsrError && error.code === 'ISR_STORAGE_NOT_FOUND')
      throw new UsageError(
        `${directories[results.length]} has no ledger; isr verify --adopt makes one of its recordings`,
      )
    throw error
  } finally {
    silence()
  }
  if (json) io.stdout.write(`${JSON.stringify(results)}\n`)
  const bad = results
    .flatMap(({ outcomes }) => outcomes)
    .some(({ action }) => action === 'failed' || action === 'missing')
  finish(bad || stop.signal.aborted ? 1 : 0)
}

/** One file in words. */
function describe({ name, action, recording, droppedBytes, reason, error }: RepairOutcome, hasColors: boolean): string {
  const length = recording ? lengthOf(recording.durationSeconds) : ''
  const dropped = droppedBytes > 0 ? `, ${formatBytes(droppedBytes)} of a frame that was cut are gone` : ''
  const words: Record<RepairOutcome['action'], string> = {
    repaired: `repaired, ${length} of audio${dropped}`,
    complete: `complete, ${length} of audio; only its line in the ledger was missing`,
    removed: 'removed: it held no audio',
    missing: 'is gone',
    left: `left as it is: ${reason}`,
    failed: `could not be repaired: ${error?.message}`,
  }
  const level = action === 'failed' || action === 'missing' ? 'ERROR' : action === 'left' ? 'WARNING' : 'INFO'
  return paint(printable(`${name}: ${words[action]}`), level, hasColors)
}

/** What a crash left may be short. */
function lengthOf(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : formatDuration(seconds)
}

function summary(outcomes: readonly RepairOutcome[]): string {
  const counts = new Map<string, number>()
  for (const { action } of outcomes) counts.set(action, (counts.get(action) ?? 0) + 1)
  return counts.size === 0 ? 'nothing to repair' : [...counts].map(([action, count]) => `${count} ${action}`).join(', ')
}
