import { describe, expect, it } from 'vitest'
import { parsePactl, parsePwDump } from '../../../../src/sources/soundcard/devices/servers.js'

const PACTL = `Source #0
\tState: IDLE
\tName: alsa_output.pci.monitor
\tDescription: Monitor of Built-in Audio Analog Stereo
\tDriver: module-alsa-card.c
\tMonitor of Sink: alsa_output.pci
\tProperties:
\t\tdevice.description = "Monitor of Built-in Audio Analog Stereo"

Source #7
\tState: SUSPENDED
\tName: alsa_input.usb-Blue_Yeti.analog-stereo
\tDescription: Blue Yeti: Analog Stereo
\tMonitor of Sink: n/a
\tFormats:
\t\tpcm
`

describe('what a sound server lists', () => {
  it('are the sources of PulseAudio, monitors told from microphones', () => {
    expect(parsePactl(PACTL)).toEqual([
      {
        id: 'alsa_output.pci.monitor',
        name: 'Monitor of Built-in Audio Analog Stereo',
        kind: 'source',
        aliases: [],
        isMonitor: true,
        program: 'parec',
      },
      {
        id: 'alsa_input.usb-Blue_Yeti.analog-stereo',
        name: 'Blue Yeti: Analog Stereo',
        kind: 'source',
        aliases: [],
        isMonitor: false,
        program: 'parec',
      },
    ])
    expect(parsePactl('')).toEqual([])
  })

  it('are the sources of PipeWire, and nothing of JSON that is something else', () => {
    const node = (props: unknown) => ({ info: { props } })
    const objects = [
      { id: 3 },
      null,
      { info: null },
      node({ 'media.class': 'Audio/Sink', 'node.name': 'out' }),
      node({ 'media.class': 'Audio/Source', 'node.name': 'in', 'node.description': 'Blue Yeti' }),
      node({ 'media.class': 'Audio/Source/Virtual', 'node.name': 'virtual' }),
      node({ 'media.class': 7, 'node.name': 'odd' }),
    ]
    expect(parsePwDump(JSON.stringify(objects)).map(({ id, name, program }) => [id, name, program])).toEqual([
      ['in', 'Blue Yeti', 'pw-record'],
      ['virtual', 'virtual', 'pw-record'],
    ])
    for (const text of ['', 'no JSON', '{}', '[1, "a"]']) expect(parsePwDump(text)).toEqual([])
  })
})
