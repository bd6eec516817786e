import { flacRefusal } from '../encoders/flac/limits.js'
import type { PcmLayout } from '../model.js'
import { KEYS } from './keys.js'
import type { KeyName, KeySpec, KeyValue } from './keys.js'
import type { Entries, Layers } from './layers.js'
import type { ProblemLog, ProblemPlace } from './problems.js'
import type { HookTargets, SourceConfig, SourceType } from './station-config.js'

/** A source as written. */
export interface WrittenSource {
  /** Section name. */
  readonly name: string
  /** Where it begins. */
  readonly place: ProblemPlace
  /** Its own values. */
  readonly entries: Entries
}

const REQUIRED = { stream: 'url', command: 'command', file: 'path', signal: undefined, soundcard: undefined } as const
/** Kinds of source whose levels are measured unless the configuration says otherwise: PCM, where it costs next to nothing. */
const MEASURED: readonly SourceType[] = ['soundcard', 'signal']
const FORMATS: Readonly<Record<SourceType, readonly string[]>> = {
  stream: ['auto', 'mp3', 'ogg', 'aac', 'flac', 'opus', 'wav'],
  command: ['auto', 'mp3', 'ogg', 'aac', 'flac', 'opus', 'wav'],
  file: ['auto', 'mp3', 'ogg', 'aac', 'flac', 'opus', 'wav'],
  signal: ['auto', 'wav', 'flac'],
  soundcard: ['auto', 'wav', 'flac'],
}

/** One source with all its values; undefined when something that it cannot be without is missing or faulty. */
export function resolveSource(source: WrittenSource, layers: Layers, problems: ProblemLog): SourceConfig | undefined {
  const { name, entries } = source
  const get = <K extends KeyName>(key: K): KeyValue<K> | undefined => layers.entry(entries, key)?.value
  if (name.trim() === '') problems.error(source.place, 'a source needs a name between the brackets')
  const type = typeOf(source, layers, problems)
  if (type === undefined) return undefined
  warnOfUnusedKeys(source, type, problems)
  const required = REQUIRED[type]
  if (required && !layers.entry(entries, required))
    problems.error(
      source.place,
      `type = ${type} needs a ${required}; add for example ${required} = ${KEYS[required].example}`,
    )
  const format = formatOf(source, type, layers, problems)
  const [sampleRateHz, channels] = [get('sample_rate') ?? 44_100, get('channels') ?? 2]
  const sampleFormat = type === 'soundcard' ? get('sample_format') : undefined
  const isPcm = type === 'soundcard' || type === 'signal'
  const pcm: PcmLayout | undefined = isPcm ? { sampleRateHz, channels, sampleFormat: sampleFormat ?? 's16' } : undefined
  const refusal = pcm && format === 'flac' ? flacRefusal(pcm) : undefined
  if (refusal !== undefined) problems.error(layers.entry(entries, 'format')?.place ?? source.place, refusal)
  return {
    name,
    type,
    ...(type === 'stream' && definedOnly({ url: get('url'), username: get('username'), password: get('password') })),
    ...(type === 'stream' && definedOnly({ mirrors: get('mirrors') })),
    ...(type === 'command' && definedOnly({ command: get('command') })),
    ...(type === 'file' && definedOnly({ path: get('path') })),
    ...(type === 'soundcard' && definedOnly({ device: get('device'), sampleFormat })),
    format,
    sampleRateHz,
    channels,
    outputDirectory: get('output_directory') ?? 'recordings',
    splitMinutes: get('split_minutes') ?? 60,
    filenamePattern: get('filename_pattern') ?? '%Y%m%d_%H%M%S',
    maxRetries: get('max_retries') ?? 10,
    ...retryDelays(source, layers, problems),
    ...definedOnly({ probeMinutes: get('probe_minutes') }),
    stallTimeoutSeconds: get('stall_timeout_seconds') ?? 20,
    ...definedOnly({ timeZone: get('timezone'), flacLevel: get('flac_level') }),
    splitJoin: get('split_join') ?? 'exact',
    opusPrerollMs: get('opus_preroll_ms') ?? 400,
    syncSeconds: get('sync_seconds') ?? 1,
    ...definedOnly({ groupCommit: get('group_commit'), bufferSeconds: get('buffer_seconds') }),
    ...(get('seal') === true && { seal: true }),
    ...definedOnly({ keepDays: get('keep_days'), keepGb: get('keep_gb'), minFreeGb: get('min_free_gb') }),
    ...definedOnly({ hooks: hooksOf(get) }),
    analyze: get('analyze') ?? (MEASURED.includes(type) ? 'live' : 'off'),
    ...(get('level_log') === true && { levelLog: true }),
    ...(get('loudness') === true && { loudness: true }),
    ...definedOnly({ silenceSeconds: get('silence_seconds') || undefined, silenceDb: get('silence_db') }),
    ...definedOnly({ triggerDb: get('trigger_db') }),
    ...definedOnly({ preRecordSeconds: get('pre_record_seconds'), holdSeconds: get('hold_seconds') }),
  }
}

function typeOf({ entries, place }: WrittenSource, layers: Layers, problems: ProblemLog): SourceType | undefined {
  const written = layers.entry(entries, 'type')
  if (written) return written.value
  if (layers.entry(entries, 'url')) return 'stream'
  if (layers.entry(entries, 'command')) return 'command'
  if (layers.entry(entries, 'path')) return 'file'
  if (layers.entry(entries, 'device')) return 'soundcard'
  const hint =
    place.section?.toLowerCase() === 'general' ? '; section names keep their case: for defaults write [general]' : ''
  problems.error(place, `type is missing, and there is no url to tell it; add for example type = stream${hint}`)
  return undefined
}

function warnOfUnusedKeys({ entries }: WrittenSource, type: SourceType, problems: ProblemLog): void {
  for (const [name, entry] of entries) {
    const { usedBy } = KEYS[name] as KeySpec<unknown>
    if (usedBy && !usedBy.includes(type)) problems.warn(entry.place, `a source of type = ${type} does not use it`)
  }
}

function formatOf({ entries }: WrittenSource, type: SourceType, layers: Layers, problems: ProblemLog): string {
  const fallback = type === 'signal' ? 'flac' : type === 'soundcard' ? 'wav' : 'auto'
  const entry = layers.entry(entries, 'format')
  if (entry?.value === undefined || entry.value === 'auto') return fallback
  if (FORMATS[type].includes(entry.value)) return entry.value
  const message = `${entry.value} cannot be had from type = ${type}, only ${FORMATS[type].join(', ')}`
  // What is inherited was meant for other sources.
  if (entries.get('format') === entry) problems.error(entry.place, message)
  return fallback
}

function retryDelays(
  { entries }: WrittenSource,
  layers: Layers,
  problems: ProblemLog,
): Pick<SourceConfig, 'retryDelaySeconds' | 'retryMaxDelaySeconds'> {
  const first = layers.entry(entries, 'retry_delay_seconds')
  const longest = layers.entry(entries, 'retry_max_delay_seconds')
  const retryDelaySeconds = first?.value ?? 5
  // Files that know only the first delay may set it beyond our default of the longest.
  const retryMaxDelaySeconds = longest?.value ?? Math.max(60, retryDelaySeconds)
  if (longest && retryMaxDelaySeconds < retryDelaySeconds && !longest.faulty && !first?.faulty)
    problems.error(
      longest.place,
      `${retryMaxDelaySeconds} is less than retry_delay_seconds, which is ${retryDelaySeconds}; write at least that`,
    )
  return { retryDelaySeconds, retryMaxDelaySeconds }
}

function hooksOf(get: <K extends KeyName>(key: K) => KeyValue<K> | undefined): HookTargets | undefined {
  const targets = definedOnly({
    close: get('on_close'),
    gap: get('on_gap'),
    silence: get('on_silence'),
    error: get('on_error'),
  })
  if (Object.keys(targets).length === 0) return undefined
  return { ...targets, ...definedOnly({ secret: get('hook_secret') }) }
}

function definedOnly<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>
}
