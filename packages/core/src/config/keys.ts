import { filenamePattern } from './values/filename-pattern.js'
import { hookTarget } from './values/hook-target.js'
import { anyText, choice, command, httpUrl, httpUrls, number, path, timeZone, yesOrNo } from './values/parsers.js'
import type { Parser } from './values/parsers.js'
import { sampleFormat } from './values/sample-format.js'
import type { SplitJoin } from '../formats/format.js'
import type { GroupCommit } from '../storages/volume/protocol.js'
import type { Analyze, SourceType, StationConfig } from './station-config.js'

/** What is known about a key. */
export interface KeySpec<T> {
  /** Reads its text. */
  readonly parse: Parser<T>
  /** A good value, for messages. */
  readonly example: string
  /** Only `[general]` may hold it. */
  readonly generalOnly?: true
  /** Kinds of source that use it; absent = all. */
  readonly usedBy?: readonly SourceType[]
  /** An empty value means that there is none; otherwise it is an error. */
  readonly mayBeEmpty?: true
  /** The value may go on over several lines. */
  readonly severalLines?: true
  /** The value never appears in a message. */
  readonly secret?: true
}

const key = <T>(spec: KeySpec<T>): KeySpec<T> => spec
const DAY_SECONDS = 86_400
const SOURCE_TYPES: readonly SourceType[] = ['stream', 'soundcard', 'signal', 'command', 'file']
const PCM_SOURCES: readonly SourceType[] = ['soundcard', 'signal']

/** Every key of a configuration. */
export const KEYS = {
  output_directory: key({ parse: path, example: 'recordings' }),
  split_minutes: key({ parse: number({ min: 0.001, max: 525_600 }), example: '60' }),
  filename_pattern: key({ parse: filenamePattern, example: '%Y%m%d_%H%M%S' }),
  max_retries: key({ parse: number({ min: 0, max: 1e9, whole: true }), example: '0' }),
  retry_delay_seconds: key({ parse: number({ min: 0, max: DAY_SECONDS }), example: '5' }),
  retry_max_delay_seconds: key({ parse: number({ min: 0, max: DAY_SECONDS }), example: '60' }),
  probe_minutes: key({ parse: number({ min: 0, max: 525_600 }), example: '5' }),
  log_level: key({
    parse: choice<StationConfig['logLevel']>(['DEBUG', 'INFO', 'WARNING', 'ERROR'], {
      warn: 'WARNING',
      critical: 'ERROR',
      fatal: 'ERROR',
    }),
    example: 'INFO',
    generalOnly: true,
  }),
  log_file: key({ parse: path, example: 'recorder.log', generalOnly: true, mayBeEmpty: true }),
  type: key({ parse: choice(SOURCE_TYPES), example: 'stream' }),
  url: key({ parse: httpUrl, example: 'http://radio.example.org:8000/live.mp3', usedBy: ['stream'] }),
  mirrors: key({
    parse: httpUrls,
    example: 'http://radio2.example.org/live.mp3, http://radio3.example.org/live.mp3',
    usedBy: ['stream'],
    mayBeEmpty: true,
    severalLines: true,
  }),
  username: key({ parse: anyText, example: 'listener', usedBy: ['stream'], mayBeEmpty: true }),
  password: key({ parse: anyText, example: 'secret', usedBy: ['stream'], mayBeEmpty: true, secret: true }),
  command: key({ parse: command, example: 'ffmpeg -i input -f mp3 -', usedBy: ['command'], severalLines: true }),
  path: key({ parse: path, example: 'old/broadcast.mp3', usedBy: ['file'] }),
  format: key({ parse: choice(['auto', 'mp3', 'ogg', 'aac', 'flac', 'opus', 'wav']), example: 'auto' }),
  flac_level: key({
    parse: number({ min: 0, max: 8, whole: true }),
    example: '5',
    usedBy: ['soundcard', 'signal', 'command'],
  }),
  device: key({ parse: anyText, example: 'default', usedBy: ['soundcard'], mayBeEmpty: true }),
  sample_rate: key({ parse: number({ min: 1000, max: 384_000, whole: true }), example: '44100', usedBy: PCM_SOURCES }),
  channels: key({ parse: number({ min: 1, max: 8, whole: true }), example: '2', usedBy: PCM_SOURCES }),
  sample_format: key({ parse: sampleFormat, example: 'S16', usedBy: ['soundcard'] }),
  stall_timeout_seconds: key({ parse: number({ min: 1, max: 3600 }), example: '20' }),
  timezone: key({ parse: timeZone, example: 'Europe/Vienna', mayBeEmpty: true }),
  split_join: key({ parse: choice<SplitJoin>(['exact', 'verbatim']), example: 'exact' }),
  opus_preroll_ms: key({ parse: number({ min: 80, max: 1300, whole: true }), example: '400' }),
  sync_seconds: key({ parse: number({ min: 0, max: 3600 }), example: '1' }),
  buffer_seconds: key({ parse: number({ min: 30, max: 3600 }), example: '60' }),
  group_commit: key({ parse: choice<GroupCommit>(['auto', 'always', 'never']), example: 'auto' }),
  keep_days: key({
    parse: number({ min: 0, aboveMin: true, max: 1e6 }),
    example: '30',
    mayBeEmpty: true,
  }),
  keep_gb: key({
    parse: number({ min: 0, aboveMin: true, max: 1e9 }),
    example: '100',
    mayBeEmpty: true,
  }),
  min_free_gb: key({
    parse: number({ min: 0, aboveMin: true, max: 1e9 }),
    example: '5',
    mayBeEmpty: true,
  }),
  analyze: key({ parse: choice<Analyze>(['off', 'live']), example: 'live' }),
  level_log: key({ parse: yesOrNo, example: 'yes' }),
  loudness: key({ parse: yesOrNo, example: 'yes' }),
  silence_seconds: key({ parse: number({ min: 0, max: DAY_SECONDS }), example: '30', mayBeEmpty: true }),
  silence_db: key({ parse: number({ min: -120, max: 0 }), example: '-50' }),
  trigger_db: key({ parse: number({ min: -120, max: 0 }), example: '-40', mayBeEmpty: true }),
  pre_record_seconds: key({ parse: number({ min: 0, max: 60 }), example: '2' }),
  hold_seconds: key({ parse: number({ min: 0, max: DAY_SECONDS }), example: '10' }),
  seal: key({ parse: yesOrNo, example: 'no' }),
  on_close: key({ parse: hookTarget, example: 'sh upload.sh', mayBeEmpty: true, severalLines: true }),
  on_gap: key({ parse: hookTarget, example: 'https://example.org/hook', mayBeEmpty: true, severalLines: true }),
  on_silence: key({ parse: hookTarget, example: 'https://example.org/hook', mayBeEmpty: true, severalLines: true }),
  on_error: key({ parse: hookTarget, example: 'https://example.org/hook', mayBeEmpty: true, severalLines: true }),
  hook_secret: key({ parse: anyText, example: 'a long random text', mayBeEmpty: true, secret: true }),
}

/** Name of a key. */
export type KeyName = keyof typeof KEYS

/** Type of the values of a key. */
export type KeyValue<K extends KeyName> = (typeof KEYS)[K] extends KeySpec<infer T> ? T : never

/** Whether this is a key of a configuration. */
export function isKey(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name)
}
