import { resolve } from 'node:path'
import type { StationConfig } from '../../config/station-config.js'
import type { KnownNaming } from '../../ledger/rebuild/name-facts.js'
import { namePrefixes } from '../name-prefixes.js'

/** How the sources of a configuration name their files in a folder; empty when none records into it. */
export function namingsIn(directory: string, { sources }: Pick<StationConfig, 'sources'>): readonly KnownNaming[] {
  const prefixes = namePrefixes(sources)
  return sources
    .filter(({ outputDirectory }) => resolve(outputDirectory) === resolve(directory))
    .map(({ name, filenamePattern, timeZone }) => {
      const prefix = prefixes.get(name)
      return {
        source: name,
        pattern: filenamePattern,
        ...(prefix !== undefined && { prefix }),
        ...(timeZone !== undefined && { timeZone }),
      }
    })
}
