import { listCaptureDevices } from '@isr/core'
import type { CaptureDevice } from '@isr/core'
import type { Io } from '../io.js'
import { printable } from '../output/safe-text.js'
import type { AddCommand } from './command.js'

const HELP = `
The first column is what device = in a configuration and --device of isr record take; so is any part of the second that
fits one device only. Soundcards are also known by their numbers (hw:1,0), and plughw: in place of hw: converts what the
hardware does not have. "monitor" hears what the machine plays.

Examples:
  isr devices
  isr record --device USB`

/** `isr devices` */
export const addDevices: AddCommand = (program, { io }) => {
  program
    .command('devices')
    .description('list what can be recorded from: soundcards and sources of a sound server')
    .option('--json', 'the list as one JSON line on standard output')
    .addHelpText('after', HELP)
    .action(({ json }: { readonly json?: boolean }) => printDevices(io, json === true))
}

/** Lists the capture devices of this machine. */
export async function printDevices(io: Io, json: boolean): Promise<void> {
  const devices = await listCaptureDevices({ env: io.env })
  if (json) return io.stdout.write(`${JSON.stringify({ devices })}\n`)
  if (devices.length === 0)
    return io.stderr.write('no capture device found; arecord (apt install alsa-utils) lists soundcards\n')
  const width = Math.max(...devices.map(({ id }) => printable(id).length))
  for (const device of devices) {
    io.stdout.write(`${printable(device.id).padEnd(width)}  ${printable(device.name)}${remarksOn(device)}\n`)
  }
}

function remarksOn({ aliases, isMonitor }: CaptureDevice): string {
  const remarks = [...aliases.filter((alias) => alias.includes(':')), ...(isMonitor ? ['monitor'] : [])]
  return remarks.length > 0 ? ` (${printable(remarks.join(', '))})` : ''
}
