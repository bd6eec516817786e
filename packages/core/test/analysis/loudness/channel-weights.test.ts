import { describe, expect, it } from 'vitest'
import { channelWeights } from '../../../src/analysis/loudness/channel-weights.js'

describe('channelWeights', () => {
  it('counts sides more and bass effects not at all, in both orders', () => {
    expect(channelWeights(1)).toEqual([1])
    expect(channelWeights(2)).toEqual([1, 1])
    expect(channelWeights(6)).toEqual([1, 1, 1, 0, 1.41, 1.41])
    expect(channelWeights(6, 'vorbis')).toEqual([1, 1, 1, 1.41, 1.41, 0])
    for (let channels = 1; channels <= 8; channels++) {
      const [wave, vorbis] = [channelWeights(channels), channelWeights(channels, 'vorbis')]
      expect(wave).toHaveLength(channels)
      expect([...vorbis].sort()).toEqual([...wave].sort())
    }
  })
})
