import type { SampleFormat } from '../../model.js'

/** How a program is told the layout of a sample. */
export interface Encoding {
  /** Its own word for it. */
  readonly word: string
  /** Bytes of a sample as the program writes it. */
  readonly bytesPerSample: number
  /** 24 bits in 4 bytes: the three that are kept. Absent: all of them. */
  readonly keep?: 'low' | 'high'
}

/** What is asked of a capture program. */
export interface CaptureRequest {
  /** In the program's own words; undefined for its default. */
  readonly device?: string
  readonly sampleRateHz: number
  readonly channels: number
}

/** A program that writes what a device hears to its standard output. */
export interface CaptureProgram {
  readonly name: 'arecord' | 'parec' | 'pw-record'
  /** The Debian package that holds it. */
  readonly package: string
  /** Encodings to try, best first. */
  readonly encodings: Readonly<Record<SampleFormat, readonly Encoding[]>>
  /** Whether its output may begin with the head of an AU file. */
  readonly mayWriteAuHead?: true
  /** The whole command. */
  command(request: CaptureRequest, encoding: Encoding): readonly string[]
}

/** How often bytes come: little delay, few wake-ups, and what one lost interrupt costs. */
export const PERIOD_MS = 50

/** How long we may be held up until a device overruns; devices take as much of it as they can. */
const BUFFER_MS = 4000

const S16 = (word: string): readonly Encoding[] => [{ word, bytesPerSample: 2 }]
const S24 = (word: string): Encoding => ({ word, bytesPerSample: 3 })
const S32 = (word: string): readonly Encoding[] => [{ word, bytesPerSample: 4 }]

/** Every program that is known, best first: only arecord opens soundcards themselves and tells of overruns. */
export const CAPTURE_PROGRAMS: readonly CaptureProgram[] = [
  {
    name: 'arecord',
    package: 'alsa-utils',
    encodings: {
      s16: S16('S16_LE'),
      s24: [S24('S24_3LE'), { word: 'S24_LE', bytesPerSample: 4, keep: 'low' }],
      s32: S32('S32_LE'),
      f32: S32('FLOAT_LE'),
    },
    // -v tells the rate that the device really gives; without a file it writes to stdout
    command: ({ device = 'default', sampleRateHz, channels }, { word }) => [
      ...['arecord', '-v', '-D', device, '-t', 'raw', '-f', word, '-r', `${sampleRateHz}`, '-c', `${channels}`],
      ...[`--period-time=${PERIOD_MS * 1000}`, `--buffer-time=${BUFFER_MS * 1000}`],
    ],
  },
  {
    name: 'parec',
    package: 'pulseaudio-utils',
    encodings: { s16: S16('s16le'), s24: [S24('s24le')], s32: S32('s32le'), f32: S32('float32le') },
    command: ({ device, sampleRateHz, channels }, { word }) => [
      ...['parec', `--format=${word}`, `--rate=${sampleRateHz}`, `--channels=${channels}`],
      ...[`--latency-msec=${PERIOD_MS}`, '--client-name=isr', ...(device === undefined ? [] : [`--device=${device}`])],
    ],
  },
  {
    name: 'pw-record',
    package: 'pipewire-bin',
    encodings: {
      s16: S16('s16'),
      // not every release knows 24 bits
      s24: [{ word: 's32', bytesPerSample: 4, keep: 'high' }],
      s32: S32('s32'),
      f32: S32('f32'),
    },
    mayWriteAuHead: true,
    command: ({ device, sampleRateHz, channels }, { word }) => [
      ...['pw-record', '--format', word, '--rate', `${sampleRateHz}`, '--channels', `${channels}`],
      ...['--latency', `${PERIOD_MS}ms`],
      // a device that goes away must not be replaced by another one in silence
      ...(device === undefined ? [] : ['--target', device, '-P', '{ node.dont-reconnect = true }']),
      '-',
    ],
  },
]
