import { join } from 'node:path'
import type { Analysis } from '../../analysis/analysis.js'
import { cacheText, parseCache, type AnalysisKey, type FileMark } from '../../analysis/cache/cached-analysis.js'
import { parseEarlierCache, type EarlierFacts } from '../../analysis/cache/earlier-cache.js'
import { removeFile, writeFileAtomic } from '../../storages/atomic-file.js'
import { FileStorage } from '../../storages/file-storage.js'
import { checkName } from '../../storages/safe-name.js'
import { readSmallFile } from '../../storages/small-file.js'

/** Folder of the analyses inside of a folder of recordings. */
export const ANALYSES_FOLDER = 'analyses'
/** Behind the name of a recording. */
export const ANALYSIS_SUFFIX = '.analysis.json'
/** Behind the name of a recording. */
export const LEVELS_SUFFIX = '.levels'

/** More is no cache of anybody. */
const MOST_BYTES = 16 << 20

/** The folder of analyses and levels, by the names of the recordings. */
export class AnalysesFolder {
  /** Where it is. */
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  /** Path of the levels of a recording. @throws {@link StorageError} when that is no name for a recording */
  levelsPath(name: string): string {
    return join(this.directory, `${checkName(name)}${LEVELS_SUFFIX}`)
  }

  /**
   * The analysis that was kept. Never rejects: what is not there, or cannot be used, is no analysis.
   * @param facts - of the recording; asked when the program before this one left an analysis
   */
  async read(name: string, key: AnalysisKey, facts: () => Promise<EarlierFacts>): Promise<Analysis | undefined> {
    try {
      const bytes = await readSmallFile(this.#path(name), MOST_BYTES)
      if (!bytes) return undefined
      const text = new TextDecoder().decode(bytes)
      const known = parseCache(text, key)
      if (known || key.loudness || key.detector.name !== 'threshold') return known
      const { modifiedAt } = await new FileStorage({ directory: this.directory }).stat(`${name}${ANALYSIS_SUFFIX}`)
      if (modifiedAt < key.file.modifiedAt) return undefined
      return parseEarlierCache(text, await facts(), key.detector)
    } catch {
      return undefined
    }
  }

  /** Keeps an analysis, in the place of one that is there. @throws {@link StorageError} */
  async write(name: string, analysis: Analysis, file: FileMark): Promise<void> {
    await writeFileAtomic(this.#path(name), cacheText(analysis, file))
  }

  /** Removes what is kept of a recording. @throws {@link StorageError} */
  async remove(name: string): Promise<void> {
    for (const path of [this.#path(name), this.levelsPath(name)]) await removeFile(path)
  }

  #path(name: string): string {
    return join(this.directory, `${checkName(name)}${ANALYSIS_SUFFIX}`)
  }
}
