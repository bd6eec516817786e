import type { SourceConfig } from '../config/station-config.js'
import { safeComponent } from '../storages/safe-name.js'

/** Leaves room for what the pattern makes, a suffix and the extension. */
const MOST_PREFIX_BYTES = 100

/**
 * Sources of one folder with one pattern would write the same names: each of them gets its own name as a prefix.
 * @returns prefixes by source name; sources that share nothing are absent
 */
export function namePrefixes(sources: readonly SourceConfig[]): ReadonlyMap<string, string> {
  const groups = new Map<string, SourceConfig[]>()
  for (const source of sources) {
    const key = `${source.outputDirectory}\n${source.filenamePattern}`
    groups.set(key, [...(groups.get(key) ?? []), source])
  }
  const shared = [...groups.values()].filter((group) => group.length > 1).flat()
  return new Map(shared.map((source) => [source.name, safeComponent(source.name, MOST_PREFIX_BYTES)]))
}
