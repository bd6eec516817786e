import type { LevelFollower } from '../analysis/levels/follower.js'
import type { SourceConfig } from '../config/station-config.js'
import { formatNamed } from '../formats/registry.js'
import type { Format } from '../formats/format.js'
import { builtInFormats } from '../formats/registry.js'
import type { Ledger } from '../ledger/ledger.js'
import type { RecorderOptions } from '../recorder/options.js'
import type { EarlierAudio } from '../recorder/stitch/earlier-audio.js'
import { CommandSource } from '../sources/command.js'
import { FileSource } from '../sources/file.js'
import { HEAD_TIMEOUT_MS, HttpSource } from '../sources/http/http-source.js'
import { SignalSource } from '../sources/signal.js'
import { SoundcardSource } from '../sources/soundcard/soundcard-source.js'
import type { Source } from '../sources/source.js'
import { AtClock } from '../splitters/at-clock.js'
import type { Storage } from '../storages/storage.js'
import type { Clock } from '../time/clock.js'
import { Recorder } from './recorder.js'

/** Kinds of source that send PCM, which `format = flac` encodes. */
const ENCODED: readonly SourceConfig['type'][] = ['signal', 'soundcard', 'command']

/** What the recorders of a folder share. */
export interface RecorderSurroundings {
  readonly clock: Clock
  readonly storage: Storage
  readonly ledger: Ledger
  /** Put before file names; absent when names cannot collide. */
  readonly prefix?: string
  /** What an earlier process has recorded of it. */
  readonly earlier?: Promise<EarlierAudio | undefined>
  /** Told the levels of every file. */
  readonly followers: readonly LevelFollower[]
}

/** The recorder that a configured source asks for. */
export function createRecorder(config: SourceConfig, surroundings: RecorderSurroundings): Recorder {
  const zone = config.timeZone === undefined ? {} : { timeZone: config.timeZone }
  return new Recorder({
    ...surroundings,
    ...zone,
    source: createSource(config),
    ...(config.mirrors && { mirrors: config.mirrors }),
    splitter: new AtClock({ everyMinutes: config.splitMinutes, ...zone }),
    filenamePattern: config.filenamePattern,
    ...(surroundings.prefix !== undefined && { filenamePrefix: surroundings.prefix }),
    splitJoin: config.splitJoin,
    opusPrerollMs: config.opusPrerollMs,
    formats: formatsFor(config),
    pcmFormat: config.format === 'flac' && ENCODED.includes(config.type) ? 'flac' : 'wav',
    ...(config.flacLevel !== undefined && { flacLevel: config.flacLevel }),
    retry: {
      maxAttempts: config.maxRetries,
      delayMs: config.retryDelaySeconds * 1000,
      maxDelayMs: config.retryMaxDelaySeconds * 1000,
      probeMs: (config.probeMinutes ?? 5) * 60_000,
    },
    stallTimeoutMs: config.stallTimeoutSeconds * 1000,
    ...(config.bufferSeconds !== undefined && { bufferSeconds: config.bufferSeconds }),
    levels: { followers: surroundings.followers },
    ...soundOptions(config),
  })
}

/** What is to be heard. */
function soundOptions(config: SourceConfig): Pick<RecorderOptions, 'silence' | 'trigger' | 'loudness'> {
  const { silenceSeconds, silenceDb, triggerDb, preRecordSeconds, holdSeconds, loudness = false } = config
  return {
    ...(silenceSeconds !== undefined && {
      silence: { seconds: silenceSeconds, ...(silenceDb !== undefined && { db: silenceDb }) },
    }),
    ...(triggerDb !== undefined && {
      trigger: {
        db: triggerDb,
        ...(preRecordSeconds !== undefined && { preRecordSeconds }),
        ...(holdSeconds !== undefined && { holdSeconds }),
      },
    }),
    loudness,
  }
}

/** The source that a configuration section describes. */
function createSource(config: SourceConfig): Source {
  const { name } = config
  switch (config.type) {
    case 'stream':
      return new HttpSource({
        name,
        url: config.url ?? '',
        // no answer is no audio
        headTimeoutMs: Math.min(HEAD_TIMEOUT_MS, config.stallTimeoutSeconds * 1000),
        ...(config.username !== undefined && { username: config.username }),
        ...(config.password !== undefined && { password: config.password }),
      })
    case 'signal':
      return new SignalSource({ name, sampleRateHz: config.sampleRateHz, channels: config.channels })
    case 'soundcard': {
      const { sampleRateHz, channels, device, sampleFormat } = config
      return new SoundcardSource({
        ...{ name, sampleRateHz, channels },
        ...(device !== undefined && { device }),
        ...(sampleFormat && { sampleFormat }),
      })
    }
    case 'command':
      return new CommandSource({ name, command: config.command ?? [] })
    case 'file':
      return new FileSource({ name, path: config.path ?? '' })
  }
}

/** `auto` records whatever comes; a named format records nothing else. */
function formatsFor(config: SourceConfig): readonly Format[] {
  const named = config.type === 'stream' || config.type === 'command' ? formatNamed(config.format) : undefined
  return named ? [named] : builtInFormats
}
