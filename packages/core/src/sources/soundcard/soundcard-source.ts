import { IsrError, SourceError } from '../../errors.js'
import type { SampleFormat } from '../../model.js'
import type { Environment } from '../process/environment.js'
import { printable } from '../redact.js'
import { requireInteger } from '../require-integer.js'
import { Source } from '../source.js'
import type { Connection, ConnectOptions } from '../source.js'
import { stoppedError } from '../source-error.js'
import { CAPTURE_PROGRAMS, type CaptureProgram } from './capture-programs.js'
import type { CaptureDevice } from './devices/capture-device.js'
import { findDevice, notFound } from './devices/find-device.js'
import { listDevices } from './devices/list-devices.js'
import { openCapture } from './open-capture.js'
import { toolEnvironment } from './tool-environment.js'

/** A device that comes back is recorded again within two seconds. */
const LOOK_EVERY_MS = 1000

const [ARECORD] = CAPTURE_PROGRAMS
const NAMES = CAPTURE_PROGRAMS.map(({ name }) => name).join(', ')
const NONE_INSTALLED = `none of ${NAMES} is installed; apt install alsa-utils brings arecord`

/** Settings of a {@link SoundcardSource}. */
export interface SoundcardSourceOptions {
  /** Name of the source. @defaultValue `'soundcard'` */
  readonly name?: string
  /**
   * `default`, `hw:X,Y`, any other PCM of ALSA, or a part of the name of one device, in any case: `USB`.
   * {@link listCaptureDevices} tells what is there.
   * @defaultValue `'default'`
   */
  readonly device?: string
  /** Sampling rate in Hz, 1000 to 384000. A device that cannot is recorded at the rate that it has, with a warning. @defaultValue 44100 */
  readonly sampleRateHz?: number
  /** Channels, 1 to 8. @defaultValue 2 */
  readonly channels?: number
  /** Layout of a sample; `s24` is packed in 3 bytes, whatever the device does. @defaultValue `'s16'` */
  readonly sampleFormat?: SampleFormat
  /** Environment of the capture program: its PATH finds it, ALSA_CONFIG_PATH names an asound.conf. @defaultValue our own */
  readonly env?: Environment
}

/**
 * Records a soundcard by way of a capture program: `arecord`, else `parec`, else `pw-record`. Samples that the device lost are told
 * of as losses; a device that is gone or hangs ends the connection within two seconds.
 */
export class SoundcardSource extends Source {
  readonly #options: SoundcardSourceOptions
  readonly #device: string

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
  constructor(options: SoundcardSourceOptions = {}) {
    super(options.name ?? 'soundcard')
    const { sampleRateHz = 44_100, channels = 2, device = '' } = options
    requireInteger('sampleRateHz', sampleRateHz, 1000, 384_000)
    requireInteger('channels', channels, 1, 8)
    if (device.includes('\0')) throw new IsrError('ISR_ARGUMENT_INVALID', 'device: it holds a NUL character')
    this.#options = options
    this.#device = device.trim() === '' ? 'default' : device.trim()
  }

  /** Every second. */
  override get lookEveryMs(): number {
    return LOOK_EVERY_MS
  }

  /**
   * Opens the device and waits until it is heard.
   * @throws {@link SourceError} `ISR_SOURCE_NOT_FOUND` (no such device, or no capture program), `ISR_SOURCE_AMBIGUOUS`,
   * `ISR_SOURCE_BUSY`, `ISR_SOURCE_DENIED`, `ISR_SOURCE_UNSUPPORTED`, `ISR_SOURCE_UNREACHABLE` (the sound server),
   * `ISR_SOURCE_STALLED`, else `ISR_SOURCE_FAILED`, with the program's own words
   */
  override async connect(options: ConnectOptions): Promise<Connection> {
    if (options.signal.aborted) throw stoppedError()
    const env = toolEnvironment(this.#options.env ?? process.env)
    return this.#device === 'default' ? this.#connectToDefault(env, options) : this.#connectToNamed(env, options)
  }

  async #connectToDefault(env: Environment, options: ConnectOptions): Promise<Connection> {
    for (const program of CAPTURE_PROGRAMS) {
      const connection = await this.#open({ program }, env, options)
      if (connection) return connection
    }
    throw new SourceError('ISR_SOURCE_NOT_FOUND', NONE_INSTALLED, { source: this.name })
  }

  /** arecord knows names that no list shows, those of asound.conf: it is asked first. */
  async #connectToNamed(env: Environment, options: ConnectOptions): Promise<Connection> {
    const wanted = this.#device
    let words = NONE_INSTALLED
    try {
      const connection = await this.#open({ program: ARECORD, device: wanted }, env, options)
      if (connection) return connection
    } catch (error) {
      if (!isUnknownName(error)) throw error
      words = ''
    }
    const devices = await listDevices(env)
    if (devices.length === 0 && words !== '')
      throw new SourceError('ISR_SOURCE_NOT_FOUND', words, { source: this.name })
    const found = findDevice(wanted, devices, this.name)
    const program = CAPTURE_PROGRAMS.find(({ name }) => name === found.program)!
    const connection = await this.#open({ program, device: targetOf(found), label: found.name }, env, options)
    if (connection) return connection
    const message = `${found.name} needs ${program.name}; apt install ${program.package} brings it`
    throw new SourceError('ISR_SOURCE_NOT_FOUND', message, { source: this.name })
  }

  /** @returns undefined when the program is not installed */
  async #open({ program, device, label }: Target, env: Environment, options: ConnectOptions) {
    const { sampleRateHz = 44_100, channels = 2, sampleFormat = 's16' } = this.#options
    const shown = device ?? 'default'
    const facts = {
      source: this.name,
      program: program.name,
      device: printable(label === undefined ? shown : `${label} (${shown})`, 100),
    }
    const request = { ...(device !== undefined && { device }), sampleRateHz, channels }
    const encodings = program.encodings[sampleFormat]
    for (const [index, encoding] of encodings.entries()) {
      try {
        return await openCapture({ program, encoding, request, sampleFormat, facts }, env, options)
      } catch (error) {
        if (isFormatRefused(error) && index + 1 < encodings.length) continue
        if (!isNotFound(error) || isUnknownName(error)) throw error
        throw notFound(shown, await listDevices(env), this.name, error.message)
      }
    }
    return undefined
  }
}

/** What is opened by which program. */
interface Target {
  readonly program: CaptureProgram
  /** Absent: the program's default. */
  readonly device?: string
  /** Its name for people. */
  readonly label?: string
}

/** A soundcard that was found by its name need not have the very layout that was asked for. */
function targetOf({ id, kind }: CaptureDevice): string {
  return kind === 'card' ? `plug${id}` : id
}

function isNotFound(error: unknown): error is SourceError {
  return error instanceof SourceError && error.code === 'ISR_SOURCE_NOT_FOUND'
}

function isUnknownName(error: unknown): boolean {
  return isNotFound(error) && error.message.includes('Unknown PCM')
}

function isFormatRefused(error: unknown): boolean {
  return error instanceof SourceError && /sample format non available/i.test(error.message)
}
