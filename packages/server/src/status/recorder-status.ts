import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { statusReport, type Clock } from '@isr/core'
import { StatusAnswer } from '../api/status.js'
import { withoutPaths } from '../http/http-error.js'
import type { StationView } from '../station-view.js'

/** What is looked at. */
export interface RecorderStatusOptions {
  /** Folder of the recordings: the recorder of another process tells there what it does. */
  readonly directory: string
  /** The recorder of this process. */
  readonly station?: Pick<StationView, 'status'>
  readonly clock: Clock
}

/** It is written anew every two seconds; what is older was left by a crash. */
const FRESH_MS = 10_000
const NOBODY: StatusAnswer = { recording: false, updatedAt: null, activeFiles: [], sources: [] }

/** What the recorder does, in this process or another. Never rejects: where nobody tells, nobody records. */
export async function recorderStatus(options: RecorderStatusOptions): Promise<StatusAnswer> {
  const { station, clock } = options
  if (!station) return fromFile(options)
  const { updatedAt, activeFiles, sources } = statusReport(station.status.sources, clock.now())
  return {
    recording: true,
    updatedAt,
    activeFiles: [...activeFiles],
    sources: sources.map((one) => told({ ...one, ...copied(one) })),
  }
}

async function fromFile({ directory, clock }: RecorderStatusOptions): Promise<StatusAnswer> {
  const path = join(directory, 'status.json')
  try {
    if (Math.abs(clock.now() - (await stat(path)).mtimeMs) > FRESH_MS) return NOBODY
    const said = StatusAnswer.safeParse({ recording: true, ...JSON.parse(await readFile(path, 'utf8')) })
    return said.success ? { ...said.data, sources: said.data.sources.map(told) } : NOBODY
  } catch {
    // its writer replaces and removes it at any moment
    return NOBODY
  }
}

/** Folders of the machine are nobody's business. */
function told<Source extends { readonly lastError?: { readonly message: string } | undefined }>(
  source: Source,
): Source {
  const { lastError } = source
  return lastError ? { ...source, lastError: { ...lastError, message: withoutPaths(lastError.message) } } : source
}

/** Lists of ours may be changed by whoever gets the answer; those of core may not. */
function copied({ level }: ReturnType<typeof statusReport>['sources'][number]) {
  return { level: level && { rmsDb: [...level.rmsDb], peakDb: [...level.peakDb] } }
}
