import { describe, expect, it } from 'vitest'
import { kWeighting, powerAt } from '../../../src/analysis/loudness/k-weighting.js'

const dbAt = (rateHz: number, hz: number) => {
  const { shelf, highPass } = kWeighting(rateHz)
  return 10 * Math.log10(powerAt(shelf, hz, rateHz) * powerAt(highPass, hz, rateHz))
}

describe('kWeighting', () => {
  it('is the table of the standard at 48 kHz', () => {
    expect(kWeighting(48000).shelf[0]).toBe(1.53512485958697)
    // 0.691 dB at 1 kHz is what the offset of loudness takes away again; the figures of BS.1770-4
    expect(dbAt(48000, 997)).toBeCloseTo(0.691, 2)
  })

  it.each([
    [8000, 0.05],
    [11025, 0.02],
    [16000, 0.005],
    [22050, 0.002],
    [44100, 0.001],
    [88200, 0.001],
    [96000, 0.001],
    [192000, 0.001],
    [384000, 0.001],
  ])('has the same response at %d Hz', (rateHz, within) => {
    for (let hz = 20; hz < Math.min(rateHz, 48000) * 0.48; hz *= 1.1) {
      expect(Math.abs(dbAt(rateHz, hz) - dbAt(48000, hz))).toBeLessThan(within)
    }
  })

  it('is stable at any rate', () => {
    for (let rateHz = 1000; rateHz < 400_000; rateHz = Math.round(rateHz * 1.07)) {
      const { shelf, highPass } = kWeighting(rateHz)
      for (const [b0, b1, b2, a1, a2] of [shelf, highPass]) {
        expect([b0, b1, b2].every(Number.isFinite)).toBe(true)
        expect(Math.abs(a2)).toBeLessThan(1)
        expect(Math.abs(a1)).toBeLessThan(1 + a2)
      }
    }
  })
})
