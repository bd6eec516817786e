import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../src/config/problems.js'
import { configOrThrow, parseConfig } from '../../src/config/load.js'

const sources = (text: string) => configOrThrow(parseConfig(text)).sources
const lines = (text: string) => parseConfig(text).problems.map((problem) => formatProblem(problem))

describe('a soundcard in a configuration', () => {
  it('is known by its type, or by its device alone', () => {
    const text = `[card]
device = hw:1,0
sample_rate = 48000
channels = 1
sample_format = s24
[mic]
type = soundcard
device =
`
    expect(sources(text)).toMatchObject([
      { type: 'soundcard', device: 'hw:1,0', sampleRateHz: 48_000, channels: 1, sampleFormat: 's24', format: 'wav' },
      { type: 'soundcard', sampleRateHz: 44_100, channels: 2 },
    ])
    expect(sources(text)[1]).not.toHaveProperty('device')
  })

  it('takes FLAC, where FLAC can hold it', () => {
    expect(sources('[a]\ndevice = USB\nformat = flac\nsample_format = S24\n')[0].format).toBe('flac')
    expect(lines('[a]\ndevice = USB\nformat = flac\nsample_format = FLOAT\n')).toEqual([
      expect.stringMatching(/^config\.ini:3: format: .*format = wav/),
    ])
  })

  it('warns of its keys where they do nothing', () => {
    expect(lines('[a]\nurl = http://h/\ndevice = hw:1\nsample_format = S16\n')).toEqual([
      'config.ini:3: warning: device: a source of type = stream does not use it',
      'config.ini:4: warning: sample_format: a source of type = stream does not use it',
    ])
  })
})
