import { expect, it } from 'vitest'
import { prerollSeconds } from '../../../../src/formats/mpeg/exact/preroll.js'
import { legalFrameBytes, parseFrameHeader } from '../../../../src/formats/mpeg/frame-header.js'
import { mp3Format } from '../../../../src/formats/mpeg/index.js'

/** Headers of every version, rate and number of channels, with a CRC. */
function* headers(): Generator<Uint8Array> {
  for (const version of [0x00, 0x10, 0x18])
    for (const rate of [0x00, 0x04, 0x08])
      for (const mode of [0x00, 0xc0]) yield Uint8Array.of(0xff, 0xe2 | version, 0x10 | rate, mode)
}

it('is as many of the smallest frames as hold a whole reservoir, in front of the frames that are decoded', () => {
  let combinations = 0
  for (const bytes of headers()) {
    const header = parseFrameHeader(bytes)!
    const seconds = Math.min(prerollSeconds({ first: header, firstHeader: bytes }), mp3Format.historySeconds)
    const frames = Math.round((seconds * header.sampleRateHz) / header.samplesPerFrame)
    const [reservoirBytes, realFrames] = header.version === 1 ? [511, 1] : [255, 2]
    const mainDataBytes = Math.min(...legalFrameBytes(bytes, 0)) - header.mainDataOffset
    // the longest of all would be minutes long
    const isCapped = seconds === mp3Format.historySeconds
    expect(isCapped || (frames - realFrames) * mainDataBytes >= reservoirBytes, [...bytes].join(' ')).toBe(true)
    if (header.version === 1) expect(seconds).toBeLessThan(0.3)
    combinations++
  }
  expect(combinations).toBe(18)
})
