import { afterAll, describe, expect, it } from 'vitest'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { createFolder, encodeMp3, encodeMp3File } from '../support/encoded.js'
import { join, randomIntegers, splitInto } from '../support/framing.js'
import { decodeByFfmpeg, writeTo } from '../support/judges.js'
import { answer, expectSeekable, fileOf, layoutOf, seekIn } from '../support/reading.js'

const folder = createFolder()
afterAll(() => folder.remove())

function someSamples(count: number, below: number): number[] {
  const random = randomIntegers(1)
  return Array.from({ length: count }, () => random(below))
}

describe('reading MP3 files from any place', () => {
  it.each([
    ['-b:a 128k', 44100, 2],
    ['-b:a 320k', 44100, 2],
    ['-b:a 192k', 48000, 2],
    ['-b:a 64k', 44100, 1],
    ['-b:a 64k', 22050, 2],
    ['-b:a 16k', 8000, 1],
    ['-q:a 4', 44100, 2],
    ['-q:a 6', 24000, 2],
  ])('finds the frames of a full read: %s at %i Hz, %i channels', (args, rateHz, channels) => {
    const stream = encodeMp3(args, { seconds: 12, rateHz, channels })
    const { layout, all } = expectSeekable(mp3Format, fileOf(stream), { samples: someSamples(20, 12 * rateHz) })
    const constant = args.startsWith('-b')
    expect(layout.samples).toBe(constant ? all.at(-1)!.end : undefined)
    expect('constantRate' in layout).toBe(constant)
    const [first, middle] = splitInto(mp3Format, stream, { cuts: [40, 110] })
    for (const { bytes, counts } of [first, middle]) {
      const made = expectSeekable(mp3Format, fileOf(bytes), { samples: someSamples(20, 12 * rateHz) })
      expect(made.layout.prerollFrames).toBe(counts.prerollFrames)
      expect(made.layout.hiddenSamples).toBe(counts.prerollSamples)
      expect(made.layout.samples).toBe(counts.samples)
      expect('constantRate' in made.layout).toBe(constant)
      expect(made.all[counts.prerollFrames].sample).toBe(0)
    }
  })
})
