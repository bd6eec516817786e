import { describe, expect, it } from 'vitest'
import { parseCards, parsePcms } from '../../../../src/sources/soundcard/devices/alsa.js'

const CARDS = `**** List of CAPTURE Hardware Devices ****
card 0: PCH [HDA Intel PCH], device 0: ALC257 Analog [ALC257 Analog]
  Subdevices: 1/1
  Subdevice #0: subdevice #0
card 2: sndrpihifiberry [snd_rpi_hifiberry_dacplusadc], device 0: HiFiBerry DAC+ADC HiFi multicodec-0 [HiFiBerry DAC+ADC HiFi multicodec-0]
  Subdevices: 0/1
card 3: M2 [[weird] card], device 12: USB Audio #1 [USB Audio #1]
`

const PCMS = `null
    Discard all samples (playback) or generate zero samples (capture)
hw:CARD=PCH,DEV=0
    HDA Intel PCH, ALC257 Analog
    Direct hardware device without any conversions
lavrate
    Rate Converter Plugin Using Libav/FFmpeg Library
default
    Playback/recording through the PulseAudio sound server
mic
pulse
    PulseAudio Sound Server
`

describe('what arecord lists', () => {
  it('are cards, by index and by name', () => {
    expect(parseCards(CARDS).map(({ id, name, aliases }) => [id, name, ...aliases])).toEqual([
      ['hw:CARD=PCH,DEV=0', 'HDA Intel PCH, ALC257 Analog', 'hw:0,0', 'PCH'],
      [
        'hw:CARD=sndrpihifiberry,DEV=0',
        'snd_rpi_hifiberry_dacplusadc, HiFiBerry DAC+ADC HiFi multicodec-0',
        'hw:2,0',
        'sndrpihifiberry',
      ],
      ['hw:CARD=M2,DEV=12', '[weird] card, USB Audio #1', 'hw:3,12', 'M2'],
    ])
    expect(parseCards('')).toEqual([])
  })

  it('are names of the configuration, without those of cards and of plug-ins that only convert', () => {
    expect(parsePcms(PCMS).map(({ id, name }) => [id, name])).toEqual([
      ['default', 'Playback/recording through the PulseAudio sound server'],
      ['mic', 'mic'],
      ['pulse', 'PulseAudio Sound Server'],
    ])
    expect(parsePcms('')).toEqual([])
  })
})
