import { describe, expect, it } from 'vitest'
import { flacFormat } from '../../../src/formats/flac/index.js'
import { makePcm } from '../support/pcm.js'
import { expectSeekable, fileOf } from '../support/reading.js'
import { randomIntegers } from '../support/framing.js'
import { encodeFlac } from './support/encode.js'

describe('flac file', () => {
  it('seeks', () => {
    const random = randomIntegers(1)
    const pcm = makePcm('music', 44100 * 6, 2, 16)
    const flac = encodeFlac(pcm, { channels: 2, bits: 16 })
    const { layout } = expectSeekable(flacFormat, fileOf(flac), {
      samples: Array.from({ length: 50 }, () => random(44100 * 6)),
    })
    expect(layout.samples).toBe(44100 * 6)
  })
})
