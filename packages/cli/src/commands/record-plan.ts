import { parseConfig, readConfig } from '@isr/core'
import type { AdHocSource, ConfigResult, LabelledText, ParseConfigOptions } from '@isr/core'
import { UsageError } from '../output/errors.js'

/** Read when no configuration is named. */
export const DEFAULT_CONFIG = 'config.ini'

/** A source named by `--url`, and the `--name` that follows. */
export interface AdHocUrl {
  /** The address. */
  readonly url: string
  /** Its name; absent = taken from the address. */
  name?: string
}

/** The flags of `isr record` that say what to record. */
export interface RecordFlags {
  /** Named configuration. */
  readonly config?: string
  /** In the order of the command line. */
  readonly urls: readonly AdHocUrl[]
  /** Name given without an address. */
  readonly name?: string
  /** The built-in demo. */
  readonly demo: boolean
  /** Values that win over the configuration, by key. */
  readonly overrides: Readonly<Record<string, LabelledText>>
}

/** What to record: the configuration, with flags over it or in its place. @throws UsageError */
export async function planRecording(flags: RecordFlags, env: ParseConfigOptions['env']): Promise<ConfigResult> {
  // the first thing that people try
  if (/^https?:\/\//i.test(flags.config ?? ''))
    throw new UsageError('an address is no configuration file; put --url before it')
  const sources = adHocSources(flags)
  // The demo is one source, so a format that it cannot make is a mistake; elsewhere it is meant for those that can.
  const { format: _demoFormat, ...others } = flags.overrides
  const options = { env, overrides: flags.demo ? others : flags.overrides, ...(sources && { sources }) }
  if (flags.config !== undefined) return readConfig(flags.config, options)
  // What lies in the current folder by chance has no say in sources that the command line names.
  if (sources) return parseConfig('', { ...options, file: 'command line' })
  const result = await readConfig(DEFAULT_CONFIG, options)
  if (result.missing)
    throw new UsageError(
      `there is no ${DEFAULT_CONFIG} here; name a configuration, give --url, or try the built-in demo: isr record --demo`,
    )
  return result
}

function adHocSources({ urls, name, demo, overrides }: RecordFlags): readonly AdHocSource[] | undefined {
  if (demo && urls.length > 0) throw new UsageError('--demo and --url exclude each other')
  if (demo) return [demoSource(name, overrides.format)]
  if (name !== undefined) throw new UsageError('--name needs a --url')
  if (urls.length === 0) return undefined
  const names = new Set<string>()
  return urls.map(({ url, name: wanted }) => {
    const unique = uniqueName(wanted ?? nameFromUrl(url), names)
    if (wanted !== undefined && unique !== wanted) throw new UsageError(`--name ${wanted} is given twice`)
    names.add(unique)
    return { name: unique, values: { type: { text: 'stream', label: '--url' }, url: { text: url, label: '--url' } } }
  })
}

function demoSource(name = 'demo', format?: LabelledText): AdHocSource {
  const value = (text: string): LabelledText => ({ text, label: '--demo' })
  return { name, values: { type: value('signal'), split_minutes: value('1'), ...(format && { format }) } }
}

/** `http://host:8000/radio/live.mp3` is `live`; an address without a path is its host. */
function nameFromUrl(url: string): string {
  if (!URL.canParse(url)) return 'stream'
  const { pathname, hostname } = new URL(url)
  const last = pathname.split('/').findLast((part) => part !== '') ?? ''
  const stem = last
    .replace(/(?<=.)\.[a-z0-9]+$/i, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^_+|_+$/g, '')
  return stem === '' ? hostname : stem
}

function uniqueName(name: string, taken: ReadonlySet<string>): string {
  let unique = name
  for (let suffix = 2; taken.has(unique); suffix++) unique = `${name}_${suffix}`
  return unique
}
