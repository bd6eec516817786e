import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { parseFlacStreamInfo } from '../../../src/formats/flac/blocks/streaminfo.js'
import { flacFormat } from '../../../src/formats/flac/index.js'
import { LiveFlacPatcher } from '../../../src/live/patchers/live-flac-patcher.js'
import { encodeFlac, framesOf, headBytes } from '../../formats/flac/support/encode.js'
import { offsetsOf, randomIntegers } from '../../formats/support/framing.js'
import { makePcm } from '../../formats/support/pcm.js'
import { audioKind } from '../../support/audio-kinds.js'
import { drive, growHalf } from '../support/growing.js'

const patch = (file: Uint8Array, size: number) => drive(new LiveFlacPatcher(), file, size)

describeWithTools(['flac', 'ffmpeg'], 'LiveFlacPatcher', () => {
  /** Where the frames of a file end, and the samples up to there. */
  function truth(file: Uint8Array, blockSize: number, total: number) {
    const start = headBytes(file)
    const frames = framesOf(file)
    expect(Math.ceil(total / blockSize)).toBe(frames.length)
    const ends = offsetsOf(frames).map((offset) => start + offset)
    return ends.map((end, index) => ({ end, samples: Math.min(total, index * blockSize) }))
  }

  it('finds the last whole frame whatever the audio looks like', () => {
    const inner = encodeFlac(makePcm('music', 200_000, 2, 16), { channels: 2, bits: 16 }, '-b', '1024')
    const wholeFrames = inner.subarray(headBytes(inner))
    // a recording of the bytes of a FLAC file: whole frames with all their checksums inside frames
    const pcm = Buffer.from(wholeFrames.slice(0, wholeFrames.length - (wholeFrames.length % 2))).swap16()
    for (const blockSize of [4096, 16384]) {
      const file = encodeFlac(pcm, { channels: 1, bits: 16 }, '-b', String(blockSize), '--lax')
      const innerFrame = framesOf(inner)[1]
      expect(Buffer.from(file).includes(Buffer.from(innerFrame))).toBe(true)
      const places = truth(file, blockSize, pcm.length / 2)
      const random = randomIntegers(blockSize)
      for (let turn = 0; turn < 150; turn++) {
        const size = headBytes(file) + random(file.length - headBytes(file))
        const { view } = patch(file, size)
        const last = places.findLast(({ end }) => end <= size)!
        expect({ size, endByte: view.endByte, samples: view.samples }).toEqual({
          size,
          endByte: last.end,
          samples: last.samples,
        })
      }
    }
  })

  it('declares the samples up to there in STREAMINFO and changes nothing else', () => {
    const file = growHalf(
      { ...audioKind('FLAC'), format: flacFormat },
      encodeFlac(makePcm('music', 300_000, 2, 16), { channels: 2, bits: 16 }),
      'exact',
    )
    const { view } = patch(file.bytes, file.bytes.length - 10)
    const before = parseFlacStreamInfo(file.bytes, 8)!
    expect(before.totalSamples).toBe(0)
    expect(parseFlacStreamInfo(view.head, 8)).toEqual({ ...before, totalSamples: view.samples })
    expect(Buffer.from(view.head.subarray(0, 8)).equals(file.bytes.subarray(0, 8))).toBe(true)
    const finished = parseFlacStreamInfo(file.finished, 8)!
    expect(patch(file.bytes, file.bytes.length).view.samples).toBe(finished.totalSamples)
  })

  it('costs the same at any length', () => {
    const short = encodeFlac(makePcm('music', 250_000, 2, 16), { channels: 2, bits: 16 })
    const long = encodeFlac(makePcm('music', 600_000, 2, 16), { channels: 2, bits: 16 })
    const read = patch(long, long.length - 5).readBytes
    expect(read).toBe(patch(short, short.length - 5).readBytes)
    expect(read).toBeLessThan(200_000)
  })

  it('works from head and tail alone', () => {
    const file = encodeFlac(makePcm('music', 400_000, 2, 16), { channels: 2, bits: 16 })
    const { view } = patch(file, file.length)
    const given = new LiveFlacPatcher().patch(file.subarray(0, 65_536), file.subarray(-262_144), file.length)
    expect(given).toEqual(view)
    // less than it asks for will do
    expect(new LiveFlacPatcher().patch(file.subarray(0, 10_000), file.subarray(-60_000), file.length)).toEqual(view)
  })

  it('waits for the head', () => {
    const file = encodeFlac(makePcm('music', 10_000, 2, 16), { channels: 2, bits: 16 })
    for (const size of [0, 3, 41, headBytes(file) - 1]) expect(patch(file, size).view.endByte).toBe(0)
    expect(patch(file, headBytes(file)).view).toMatchObject({ endByte: headBytes(file), samples: 0 })
    expect(patch(new Uint8Array(5000).fill(0xff), 5000).view.endByte).toBe(0)
  })
})
