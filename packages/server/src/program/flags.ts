import { ConfigError } from '@isr/core'
import type { ServerOptions } from '../server.js'

/** A flag of `isr serve` and `isr-server`. */
export interface ServeFlag {
  /** Without the dashes. */
  readonly name: string
  /** What its value is called; absent for a switch. */
  readonly value?: string
  /** For `--help`. */
  readonly description: string
}

/** The flags, in the order of the help. */
export const SERVE_FLAGS: readonly ServeFlag[] = [
  { name: 'dir', value: 'folder', description: 'folder of the recordings (default: recordings)' },
  { name: 'port', value: 'n', description: 'port to listen at (default: 8080)' },
  { name: 'host', value: 'address', description: 'address to listen at (default: 127.0.0.1, this machine only)' },
  {
    name: 'token',
    value: 'text',
    description: 'ask for this token; better set as ISR_TOKEN, which no process list shows',
  },
  { name: 'insecure', description: 'listen beyond this machine without a token' },
  { name: 'allow-host', value: 'names', description: 'names of this machine in the network, with commas between' },
  { name: 'base-path', value: 'path', description: 'where people reach it behind a proxy: /recordings' },
  {
    name: 'analyses-dir',
    value: 'folder',
    description: 'folder of the analyses (default: analyses among the recordings)',
  },
  { name: 'threshold', value: 'level', description: 'RMS above which something is loud, 0 to 1 (default: 0.05)' },
  { name: 'min-gap', value: 'seconds', description: 'quiet that ends a section (default: 2)' },
]

/** Values of the flags as they were typed: text, or `true` for a switch. */
export type ServeFlagValues = Readonly<Record<string, string | boolean | undefined>>

/**
 * What flags ask for.
 * @param values - by the names of the flags
 * @param env - `ISR_TOKEN` stands for `--token`
 * @throws {@link ConfigError} that says which flag is wrong
 */
export function readServeFlags(
  values: ServeFlagValues,
  env: Readonly<Record<string, string | undefined>>,
): Omit<ServerOptions, 'log' | 'clock' | 'station'> {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined)
  const number = (name: string, min: number, max: number) => {
    const typed = text(name)
    if (typed === undefined) return undefined
    const value = typed.trim() === '' ? NaN : Number(typed)
    if (value >= min && value <= max) return value
    throw new ConfigError(
      'ISR_CONFIG_INVALID',
      `--${name}: ${JSON.stringify(typed)} is no number from ${min} to ${max}`,
    )
  }
  const port = number('port', 0, 65_535)
  if (port !== undefined && !Number.isInteger(port))
    throw new ConfigError('ISR_CONFIG_INVALID', '--port: a port is a whole number')
  const token = text('token') ?? (env.ISR_TOKEN || undefined)
  if (token !== undefined && token.length < 8)
    throw new ConfigError('ISR_CONFIG_INVALID', '--token: at least 8 characters, or it is guessed')
  // a header ends where a space begins
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new ConfigError(
      'ISR_CONFIG_INVALID',
      '--token: letters, digits and signs of ASCII alone, without spaces: headers hold nothing else',
    )
  const host = text('host')
  const analysesDirectory = text('analyses-dir')
  const basePath = text('base-path')?.replace(/\/+$/, '')
  if (basePath && !/^(\/[\w.~-]*\w[\w.~-]*)+$/.test(basePath))
    throw new ConfigError(
      'ISR_CONFIG_INVALID',
      '--base-path: a path of letters, digits, ., _, ~ and -, such as /recordings',
    )
  const threshold = number('threshold', 0, 1)
  const minGapSeconds = number('min-gap', 0, 3600)
  return {
    directory: text('dir') ?? 'recordings',
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(token !== undefined && { token }),
    ...(values.insecure === true && { insecure: true }),
    allowedHosts: (text('allow-host') ?? '').split(',').flatMap((name) => name.trim() || []),
    ...(analysesDirectory !== undefined && { analysesDirectory }),
    ...(basePath && { basePath }),
    ...(threshold !== undefined && { threshold }),
    ...(minGapSeconds !== undefined && { minGapSeconds }),
  }
}
