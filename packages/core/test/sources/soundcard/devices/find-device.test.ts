import { describe, expect, it } from 'vitest'
import type { CaptureDevice } from '../../../../src/sources/soundcard/devices/capture-device.js'
import { findDevice } from '../../../../src/sources/soundcard/devices/find-device.js'

const device = (
  kind: CaptureDevice['kind'],
  id: string,
  name: string,
  more: Partial<CaptureDevice> = {},
): CaptureDevice => ({
  ...{ id, name, kind, aliases: [], isMonitor: false, program: 'arecord' },
  ...more,
})
const MIC = device('card', 'hw:CARD=Device,DEV=0', 'USB Audio Device', { aliases: ['hw:1,0', 'Device'] })
const OTHER = device('card', 'hw:CARD=PCH,DEV=0', 'HDA Intel PCH, ALC257 Analog')
const SERVED = device('source', 'alsa_input.usb', 'USB Audio Device Mono')
const MONITOR = device('source', 'alsa_output.usb.monitor', 'Monitor of USB Audio Device', { isMonitor: true })
const PCM = device('pcm', 'usb_shared', 'the USB microphone for several programs')

const found = (text: string, ...devices: CaptureDevice[]) => findDevice(text, devices, 'mic')

describe('findDevice', () => {
  it('takes a part of a name, in any case, and a whole name before a part', () => {
    expect(found('usb audio', OTHER, MIC)).toBe(MIC)
    expect(found('ANALOG', OTHER, MIC)).toBe(OTHER)
    expect(found('device', SERVED, MIC)).toBe(MIC)
    expect(found('hw:1,0', OTHER, MIC)).toBe(MIC)
  })

  it('takes the sound server that holds the cards, microphones before monitors, devices before names', () => {
    expect(found('usb', PCM, MONITOR, MIC, SERVED)).toBe(SERVED)
    expect(found('usb', PCM, MONITOR, MIC)).toBe(MIC)
    expect(found('usb', PCM, MONITOR)).toBe(MONITOR)
    expect(found('several', PCM, MONITOR)).toBe(PCM)
  })

  it('says what is there when none fits, or several', () => {
    expect(() => found('a', MIC, OTHER)).toThrow(
      '"a" fits several devices: hw:CARD=Device,DEV=0 (USB Audio Device), hw:CARD=PCH,DEV=0 (HDA Intel PCH, ALC257 Analog); write more of the name',
    )
    expect(() => found('x\u001b[31m', MIC)).toThrow(
      'no device is called "x [31m"; there are hw:CARD=Device,DEV=0 (USB Audio Device)',
    )
    expect(() => found('x')).toThrow('no device is called "x"; there is none at all')
  })
})
