import { SourceError } from '../../../errors.js'
import { printable } from '../../redact.js'
import type { CaptureDevice } from './capture-device.js'

/**
 * The device that a part of a name means, in any case. A whole name wins over a part; a sound server, where one runs, over the
 * soundcards that it holds; microphones over monitors.
 * @throws {@link SourceError} `ISR_SOURCE_NOT_FOUND` or `ISR_SOURCE_AMBIGUOUS`: both list what is there
 */
export function findDevice(text: string, devices: readonly CaptureDevice[], source: string): CaptureDevice {
  const wanted = text.toLowerCase()
  const namesOf = ({ id, name, aliases }: CaptureDevice) => [id, name, ...aliases].map((one) => one.toLowerCase())
  const whole = devices.filter((device) => namesOf(device).includes(wanted))
  if (whole.length > 0) return whole[0]
  const part = devices.filter((device) => namesOf(device).some((name) => name.includes(wanted)))
  const groups = [
    part.filter(({ kind, isMonitor }) => kind === 'source' && !isMonitor),
    part.filter(({ kind }) => kind === 'card'),
    part.filter(({ kind, isMonitor }) => kind === 'source' && isMonitor),
    part.filter(({ kind }) => kind === 'pcm'),
  ]
  const [found, ...others] = groups.find((group) => group.length > 0) ?? []
  if (found === undefined) throw notFound(text, devices, source)
  if (others.length === 0) return found
  const message = `"${printable(text, 60)}" fits several devices: ${listed([found, ...others])}; write more of the name`
  throw new SourceError('ISR_SOURCE_AMBIGUOUS', message, { source })
}

/** Says that a device is not there, and what is. */
export function notFound(text: string, devices: readonly CaptureDevice[], source: string, words?: string): SourceError {
  const there = devices.length > 0 ? `there are ${listed(devices)}` : 'there is none at all'
  const why = words ?? `no device is called "${printable(text, 60)}"`
  return new SourceError('ISR_SOURCE_NOT_FOUND', `${why}; ${there}`, { source })
}

function listed(devices: readonly CaptureDevice[]): string {
  return printable(devices.map(({ id, name }) => (name === id ? id : `${id} (${name})`)).join(', '), 600)
}
