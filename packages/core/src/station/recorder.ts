import { openWasmDecoder } from '../decoders/open-decoder.js'
import { flacEncoding } from '../encoders/flac/flac-encoding.js'
import { IsrError } from '../errors.js'
import { flacFromPcm } from '../formats/flac/encoding/flac-from-pcm.js'
import type { Format } from '../formats/format.js'
import { builtInFormats, formatNamed } from '../formats/registry.js'
import { MemoryLedger, type Ledger } from '../ledger/ledger.js'
import { decodedMeters } from '../recorder/levels/decoded-meter.js'
import { MirroredSource } from '../recorder/mirrors/mirrored-source.js'
import type { OpenSpanMeter } from '../recorder/levels/span-meter.js'
import type { RecorderOptions } from '../recorder/options.js'
import { SourceRecorder } from '../recorder/source-recorder.js'
import type { SourceRecorderOptions } from '../recorder/source-recorder-options.js'
import type { Source } from '../sources/source.js'
import { sourceFromUrl } from '../sources/url.js'
import { AtClock } from '../splitters/at-clock.js'
import { safeComponent } from '../storages/safe-name.js'
import { FileStorage } from '../storages/file-storage.js'
import type { Storage } from '../storages/storage.js'
import { isTimeZone } from '../time/boundary.js'
import { systemClock, type Clock } from '../time/clock.js'
import { openLedger } from './open-ledger.js'

const STALL_TIMEOUT_MS = 20_000

/**
 * Records one source until stopped, with defaults for everything but the source.
 *
 * @example
 * ```ts
 * await using recorder = new Recorder({ source: 'https://example.org/radio.mp3' })
 * recorder.on('recording:close', (recording) => console.log(recording.name, recording.durationSeconds))
 * recorder.start()
 * await recorder.finished
 * ```
 */
export class Recorder extends SourceRecorder {
  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when an option is outside its range */
  constructor(options: RecorderOptions) {
    super(withDefaults(options))
  }
}

function withDefaults(options: RecorderOptions): SourceRecorderOptions {
  const clock = options.clock ?? systemClock
  const { timeZone, retry = {} } = options
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new IsrError(
      'ISR_ARGUMENT_INVALID',
      `timeZone: ${JSON.stringify(timeZone)} is no IANA time zone; write for example "Europe/Berlin" or "UTC"`,
    )
  }
  const storage = storageOf(options.storage, clock)
  const ledger = options.ledger ?? ledgerFor(options.storage, clock)
  return {
    source: mirroredSource(options),
    storage,
    ledger,
    ...(!options.ledger && { onEnd: () => ledger.close() }),
    splitter: options.splitter ?? new AtClock({ everyMinutes: 60, ...(timeZone !== undefined && { timeZone }) }),
    naming: {
      pattern: options.filenamePattern ?? '%Y%m%d_%H%M%S',
      ...(timeZone !== undefined && { timeZone }),
      ...(options.filenamePrefix !== undefined && { prefix: safeComponent(options.filenamePrefix) }),
    },
    formats: formatsOf(options),
    splitJoin: options.splitJoin ?? 'exact',
    opusPrerollMs: inRange('opusPrerollMs', options.opusPrerollMs ?? 400, 80, 1300),
    retry: {
      maxAttempts: inRange('retry.maxAttempts', retry.maxAttempts ?? 10, 0, Infinity),
      delayMs: inRange('retry.delayMs', retry.delayMs ?? 5000, 0, Infinity),
      maxDelayMs: inRange('retry.maxDelayMs', retry.maxDelayMs ?? 60_000, 0, Infinity),
      probeMs: inRange('retry.probeMs', retry.probeMs ?? 0, 0, Infinity),
    },
    bufferSeconds: inRange('bufferSeconds', options.bufferSeconds ?? 60, 30, Infinity),
    stallTimeoutMs: stallTimeoutOf(options),
    clock,
    // files of sound do not go on where the one before has ended
    levels: { openMeter: meters(options.trigger === undefined), ...options.levels },
    ...soundOptions(options),
    ...(options.taps && { taps: options.taps }),
    ...(options.earlier && { earlier: options.earlier }),
    random: Math.random,
    ...(options.signal && { signal: options.signal }),
  }
}

/** Measures what is not PCM, as soon as somebody wants its levels. */
function meters(filesJoin: boolean): OpenSpanMeter {
  const historySeconds = (format: string) => (filesJoin ? (formatNamed(format)?.historySeconds ?? 0) : 0)
  return decodedMeters({ openDecoder: openWasmDecoder, historySeconds })
}

function stallTimeoutOf({ stallTimeoutMs = STALL_TIMEOUT_MS }: RecorderOptions): number {
  return inRange('stallTimeoutMs', stallTimeoutMs, 100, Infinity)
}

function sourceOf(source: RecorderOptions['source'], stallTimeoutMs: number, name?: string): Source {
  return typeof source === 'string' || source instanceof URL ? sourceFromUrl(source, name, stallTimeoutMs) : source
}

/** The source, with another way to the same programme in reserve when there is one. */
function mirroredSource(options: RecorderOptions): Source {
  const { mirrors = [] } = options
  const stallTimeoutMs = stallTimeoutOf(options)
  const source = sourceOf(options.source, stallTimeoutMs)
  if (mirrors.length === 0) return source
  const sources = [source, ...mirrors.map((mirror) => sourceOf(mirror, stallTimeoutMs, source.name))]
  return new MirroredSource({ sources, formats: formatsOf(options), stallTimeoutMs, random: Math.random })
}

function formatsOf({ formats = builtInFormats, pcmFormat = 'wav', flacLevel }: RecorderOptions): readonly Format[] {
  if (pcmFormat === 'wav') return formats
  const flac = flacFromPcm(flacEncoding(flacLevel === undefined ? {} : { level: flacLevel }))
  return [flac, ...formats.filter(({ name }) => name !== flac.name)]
}

/** What is to be heard. */
function soundOptions({
  silence,
  trigger,
  loudness = false,
}: RecorderOptions): Pick<SourceRecorderOptions, 'silence' | 'trigger' | 'loudness'> {
  return {
    ...(silence && {
      silence: {
        seconds: inRange('silence.seconds', silence.seconds, 0.1, Infinity),
        db: inRange('silence.db', silence.db ?? -50, -200, 0),
      },
    }),
    ...(trigger && {
      trigger: {
        db: inRange('trigger.db', trigger.db, -200, 0),
        preRecordSeconds: inRange('trigger.preRecordSeconds', trigger.preRecordSeconds ?? 2, 0, 60),
        holdSeconds: inRange('trigger.holdSeconds', trigger.holdSeconds ?? 10, 0, Infinity),
        openMeter: meters(true),
      },
    }),
    loudness,
  }
}

function storageOf(storage: Storage | string | undefined, clock: Clock): Storage {
  return typeof storage === 'object' ? storage : new FileStorage({ directory: storage ?? 'recordings', clock })
}

function ledgerFor(storage: Storage | string | undefined, clock: Clock): Ledger {
  return typeof storage === 'object' ? new MemoryLedger() : openLedger({ directory: storage ?? 'recordings', clock })
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value
  const range = most === Infinity ? `at least ${least}` : `${least} to ${most}`
  throw new IsrError('ISR_ARGUMENT_INVALID', `${name}: ${value} is outside its range; it must be ${range}`)
}
