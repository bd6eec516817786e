import { describe, expect, it } from 'vitest'
import { refusedWav, sniffWav } from '../../../src/formats/wav/sniff.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { CONTEXT } from '../support/frame-bytes.js'
import { makePcm } from '../support/pcm.js'

const header = new WavHeader({ layout: { sampleRateHz: 44100, channels: 2, sampleFormat: 's16' } })
const wav = wavFormat.createMuxer(header, CONTEXT).begin()
const eightBit = wav.slice()
const fmtAt = Buffer.from(wav).indexOf('fmt ') + 8
eightBit.set([2, 0, 8, 0], fmtAt + 12)

describe('sniffWav', () => {
  it('is certain of a header', () => {
    expect(sniffWav(wav)).toBe(1)
    expect(sniffWav(wav.subarray(0, 20))).toBe(1)
    expect(sniffWav(wav.subarray(0, 4))).toBe(0.5)
    expect(sniffWav(Buffer.concat([Buffer.from('junk'), wav]))).toBe(0.6)
  })

  it('says no to what is not recorded, and why', () => {
    expect(sniffWav(eightBit)).toBe(0)
    expect(refusedWav(eightBit)).toBe('WAV audio with PCM samples of 8 bits')
    expect(refusedWav(wav)).toBeUndefined()
    expect(sniffWav(new Uint8Array(0))).toBe(0)
    expect(sniffWav(Buffer.from('RIFF\0\0\0\0AVI LIST'))).toBe(0)
    expect(sniffWav(makePcm('noise', 4000, 1, 16))).toBe(0)
  })
})
