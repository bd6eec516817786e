import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { frameMaker, split } from '../support/split-run.js'

const mp3 = frameMaker(44_100, 1152)

describe('AfterDuration', () => {
  it('ends each file at the first frame after its length, thousands of times alike', () => {
    const spans = Array.from({ length: 1000 }, () => ({ span: mp3(383) }))
    const files = split(new AfterDuration({ seconds: 10 }), spans, (sample) => sample / 44.1)
    // 10 s are 382.8125 frames
    expect(files.map((file) => file.frames)).toEqual(Array.from({ length: 1000 }, () => 383))
  })

  it('has at least its length and less than a frame more, however the frames come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (counts, seconds) => {
          const spans = counts.map((count) => ({ span: mp3(count) }))
          const files = split(new AfterDuration({ seconds }), spans, (sample) => sample / 44.1)
          const least = Math.max(1, Math.ceil((seconds * 44_100) / 1152 - 1e-3))
          for (const file of files.slice(0, -1)) expect(file.frames).toBe(least)
          expect(files.reduce((sum, file) => sum + file.frames, 0)).toBe(counts.reduce((sum, count) => sum + count))
        },
      ),
    )
  })

  it('is exact for PCM', () => {
    const pcm = frameMaker(48_000, 1)
    const spans = Array.from({ length: 20 }, () => ({ span: pcm(4801) }))
    const files = split(new AfterDuration({ seconds: 0.1 }), spans, (sample) => sample / 48)
    expect(files.slice(0, 20).map((file) => file.frames)).toEqual(Array.from({ length: 20 }, () => 4800))
  })

  it('refuses lengths that are none', () => {
    for (const seconds of [0, -1, NaN, Infinity]) {
      expect(() => new AfterDuration({ seconds })).toThrow(
        expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }) as Error,
      )
    }
  })
})
