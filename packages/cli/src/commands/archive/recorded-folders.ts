import { stat } from 'node:fs/promises'
import { readConfig, type StationConfig } from '@isr/core'
import type { Io } from '../../io.js'
import { UsageError } from '../../output/errors.js'
import { DEFAULT_CONFIG } from '../record/record-plan.js'
import { LEDGER } from './find-archive.js'

/** Where everything is recorded when nothing says otherwise. */
const DEFAULT_FOLDER = 'recordings'

/** The folders that are recorded into here: those of config.ini when there is one, else recordings. @throws UsageError */
export async function recordedFolders({ env }: Io): Promise<readonly string[]> {
  const config = await configHere(env)
  return config ? [...new Set(config.sources.map(({ outputDirectory }) => outputDirectory))] : [DEFAULT_FOLDER]
}

/** The folder of one source: this one when it has a ledger, else that of config.ini, else recordings. @throws UsageError */
export async function recordedFolderOf(source: string, { env }: Io): Promise<string> {
  if (await stat(LEDGER).catch(() => undefined)) return '.'
  const { sources = [] } = (await configHere(env)) ?? {}
  const named = sources.find(({ name }) => name === source) ?? sources[0]
  return named?.outputDirectory ?? DEFAULT_FOLDER
}

async function configHere(env: Io['env']): Promise<StationConfig | undefined> {
  const { config, missing } = await readConfig(DEFAULT_CONFIG, { env })
  if (config || missing) return config
  throw new UsageError(`${DEFAULT_CONFIG} has errors, which isr check-config tells; name a folder, or mend it`)
}
