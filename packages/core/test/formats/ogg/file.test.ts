import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oggFormat } from '../../../src/formats/ogg/index.js'
import { randomIntegers } from '../support/framing.js'
import { answer, expectSeekable, fileOf, framesFrom, layoutOf, seekIn, virtualFile } from '../support/reading.js'
import { createFolder, encode, makeWav, run, type Fixture } from './support/fixtures.js'
import { decode } from './support/judges.js'
import {
  editPage,
  opusHeaderPages,
  opusPacket,
  packetsPage,
  pageOffsets,
  pagesOf,
  lacesOf,
  buildPage,
} from './support/pages.js'
import { frame, split } from './support/split.js'

const SECONDS = 8
const folder = createFolder()
afterAll(() => folder.remove())

let fixtures: Fixture[]
beforeAll(() => {
  const wav = makeWav(folder.file('sound.wav'), { seconds: SECONDS })
  fixtures = [
    encode(folder, 'vorbis', 'sound.ogg', wav, '-q', '4'),
    encode(folder, 'opus', 'sound.opus', wav, '--bitrate', '96'),
    encode(folder, 'flac', 'sound.oga', wav),
  ]
})

/** Some samples of a file, the same in every run. */
function someSamples(count: number, below: number, seed = 1): number[] {
  const random = randomIntegers(seed)
  return Array.from({ length: count }, () => random(below))
}

/** Frames on a page at most. */
const PAGE_FRAMES = 60

describe('reading Ogg files from any place', () => {
  it('finds the frames of a full read in files of the encoders', () => {
    for (const { bytes, path, codec } of fixtures) {
      const { layout } = expectSeekable(oggFormat, fileOf(bytes), {
        samples: someSamples(40, SECONDS * 48000),
        slackFrames: PAGE_FRAMES,
      })
      expect(layout.samples).toBe(decode(folder, path, codec).length / 2)
      expect(layout.framesEndByte).toBe(bytes.length)
      expect(layout.prerollFrames).toBe(0)
      expect(layout.startedAt).toBeUndefined()
    }
  })
})
