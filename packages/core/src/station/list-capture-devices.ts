import type { CaptureDevice } from '../sources/soundcard/devices/capture-device.js'
import { listDevices } from '../sources/soundcard/devices/list-devices.js'
import { toolEnvironment } from '../sources/soundcard/tool-environment.js'

/** Options of {@link listCaptureDevices}. */
export interface ListCaptureDevicesOptions {
  /** Environment of the programs that are asked: their PATH, ALSA_CONFIG_PATH, PULSE_SERVER. @defaultValue our own */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Everything that can be recorded from: soundcards, sources of PulseAudio or PipeWire, names of the ALSA configuration. The
 * default comes first. Asks `arecord`, `pactl` and `pw-dump`; empty where none of them is installed, or there is no device.
 */
export function listCaptureDevices(options: ListCaptureDevicesOptions = {}): Promise<readonly CaptureDevice[]> {
  return listDevices(toolEnvironment(options.env ?? process.env))
}
