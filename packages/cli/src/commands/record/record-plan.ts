import { parseConfig, readConfig } from '@isr/core'
import type { ConfigResult, LabelledText, ParseConfigOptions } from '@isr/core'
import { UsageError } from '../../output/errors.js'
import { adHocSources, hasOneKind } from './ad-hoc-sources.js'
import type { AdHocFlag } from './ad-hoc-sources.js'

/** Read when no configuration is named. */
export const DEFAULT_CONFIG = 'config.ini'

/** The flags of `isr record` that say what to record. */
export interface RecordFlags {
  /** Named configuration. */
  readonly config?: string
  /** In the order of the command line. */
  readonly adHoc: readonly AdHocFlag[]
  /** Name given without an address or a device. */
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
  const { format: _ofEach, ...others } = flags.overrides
  const options = { env, overrides: hasOneKind(flags) ? others : flags.overrides, ...(sources && { sources }) }
  if (flags.config !== undefined) return readConfig(flags.config, options)
  // What lies in the current folder by chance has no say in sources that the command line names.
  if (sources) return parseConfig('', { ...options, file: 'command line' })
  const result = await readConfig(DEFAULT_CONFIG, options)
  if (result.missing)
    throw new UsageError(
      `there is no ${DEFAULT_CONFIG} here; name a configuration, give --url or --device, or try the built-in demo: isr record --demo`,
    )
  return result
}
