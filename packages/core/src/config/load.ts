import { namePrefixes } from '../station/name-prefixes.js'
import { readSmallFile } from '../storages/small-file.js'
import { describeIniFault } from './ini/faults.js'
import { decodeFileText } from './ini/file-text.js'
import type { IniDocument } from './ini/ini.js'
import { parseIni } from './ini/ini.js'
import { environmentEntries, GENERAL, labelledEntries, Layers, sectionEntries } from './layers.js'
import type { Entries, LabelledText } from './layers.js'
export type { LabelledText } from './layers.js'
import { ProblemLog, configError } from './problems.js'
import { resolveSource } from './source-config.js'
import type { WrittenSource } from './source-config.js'
import type { ConfigProblem, SourceConfig, StationConfig } from './station-config.js'

const MAX_FILE_BYTES = 1 << 20

/** Where a configuration comes from beside its text. */
export interface ParseConfigOptions {
  /** Path shown in problems. @defaultValue `'config.ini'` */
  readonly file?: string
  /** Environment: `ISR_<KEY>` wins over the key in `[general]`, sections win over it. @defaultValue none */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Values by key that win over everything, as the flags of a command line do. @defaultValue none */
  readonly overrides?: Readonly<Record<string, LabelledText>>
  /** Sources that replace those of the text. @defaultValue none */
  readonly sources?: readonly AdHocSource[]
}

/** A source that stands in no file. */
export interface AdHocSource {
  /** Its name. */
  readonly name: string
  /** Values by key. */
  readonly values: Readonly<Record<string, LabelledText>>
}

/** What came of a configuration. */
export interface ConfigResult {
  /** Absent when a problem is an error. */
  readonly config?: StationConfig
  /** Everything wrong or doubtful, in the order of the file. */
  readonly problems: readonly ConfigProblem[]
  /** The file does not exist. */
  readonly missing?: true
}

/** Reads a configuration; never throws. */
export function parseConfig(text: string, options: ParseConfigOptions = {}): ConfigResult {
  const file = options.file ?? 'config.ini'
  const problems = new ProblemLog(file)
  const document = parseIni(text)
  for (const fault of document.faults) problems.error(...describeIniFault(fault))
  const defaults = sectionEntries(document.defaults, problems)
  const generalSection = document.sections.get(GENERAL)
  const general: Entries = generalSection ? sectionEntries(generalSection, problems) : new Map()
  const environment = environmentEntries(options.env ?? {}, problems)
  const flags = labelledEntries(options.overrides ?? {}, problems)
  const written = options.sources ? adHocSources(options.sources, problems) : sectionSources(document, problems)
  if (written.length === 0 && !problems.hasErrors)
    problems.error({}, 'it names no source; add a section such as [my station] with type = stream and url = http://...')

  const layers = new Layers([flags], [defaults, environment, general])
  const sources = written.map((source) => resolveSource(source, layers, problems))
  if (problems.hasErrors) return { problems: problems.list() }
  warnOfSharedNames(sources as SourceConfig[], problems)
  const none: Entries = new Map()
  const logFile = layers.entry(none, 'log_file')
  return {
    config: {
      sources: sources as SourceConfig[],
      logLevel: layers.entry(none, 'log_level')?.value ?? 'INFO',
      logFile: logFile ? (logFile.value ?? '') : 'recorder.log',
    },
    problems: problems.list(),
  }
}

/** Reads the configuration in a file; an unreadable file is a problem like any other. */
export async function readConfig(path: string, options: Omit<ParseConfigOptions, 'file'> = {}): Promise<ConfigResult> {
  const fault = (message: string, line?: number): ConfigResult => ({
    problems: [{ file: path, ...(line !== undefined && { line }), message, severity: 'error' }],
  })
  let bytes: Uint8Array | undefined
  try {
    bytes = await readSmallFile(path, MAX_FILE_BYTES)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return { ...fault(whyUnreadable(error)), ...(missing && { missing }) }
  }
  if (!bytes) return fault('it is too large for a configuration')
  const decoded = decodeFileText(bytes)
  if ('fault' in decoded) return fault(decoded.fault, decoded.line)
  return parseConfig(decoded.text, { ...options, file: path })
}

/** The configuration of a result. @throws ConfigError `ISR_CONFIG_INVALID` that lists every error, a line each */
export function configOrThrow(result: ConfigResult): StationConfig {
  if (!result.config) throw configError(result.problems)
  return result.config
}

function sectionSources(document: IniDocument, problems: ProblemLog): WrittenSource[] {
  return [...document.sections.values()]
    .filter((section) => section.name !== GENERAL)
    .map((section) => ({
      name: section.name,
      place: { line: section.line, section: section.name },
      entries: sectionEntries(section, problems),
    }))
}

function adHocSources(sources: readonly AdHocSource[], problems: ProblemLog): WrittenSource[] {
  return sources.map(({ name, values }) => ({
    name,
    place: { section: name },
    entries: labelledEntries(values, problems),
  }))
}

/** The station keeps such sources apart; who looks for the files must know how. */
function warnOfSharedNames(sources: readonly SourceConfig[], problems: ProblemLog): void {
  const prefixed = [...namePrefixes(sources).keys()]
  if (prefixed.length === 0) return
  const names =
    prefixed.length > 4 ? `${prefixed.slice(0, 3).join(', ')} and ${prefixed.length - 3} more` : prefixed.join(', ')
  problems.warn({}, `${names} share a folder and a filename_pattern: each file name begins with the name of its source`)
}

function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file; config.example.ini shows how one looks'
  if (code === 'EACCES' || code === 'EPERM') return 'it cannot be read: permission denied'
  if (code === 'EISDIR') return 'it is a folder, not a file'
  return `it cannot be read: ${message}`
}
