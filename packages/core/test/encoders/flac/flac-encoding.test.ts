import { expect, it, describe, vi } from 'vitest'
import { flacEncoding } from '../../../src/encoders/flac/flac-encoding.js'
import { loadLibFlac } from '../../../src/encoders/flac/load-libflac.js'
import { parseFlacFrameHeader } from '../../../src/formats/flac/frame-header.js'
import type { PcmLayout } from '../../../src/model.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { encodeFlac, FLAC_TOOLS, headBytes } from '../../formats/flac/support/encode.js'
import { makePcm } from '../../formats/support/pcm.js'

const STEREO: PcmLayout = { sampleRateHz: 44_100, channels: 2, sampleFormat: 's16' }

/** The frames of all of `pcm`, given in pieces of `pieceBytes`. */
function encode(pcm: Uint8Array, layout: PcmLayout, level = 5, pieceBytes = pcm.length): Uint8Array[] {
  const encoding = flacEncoding({ level })
  const encoder = encoding.open({ layout, blockSize: encoding.blockSizeAt(layout.sampleRateHz) })
  const frames: Uint8Array[] = []
  for (let at = 0; at < pcm.length; at += pieceBytes) frames.push(...encoder.encode(pcm.subarray(at, at + pieceBytes)))
  return [...frames, ...encoder.finish()]
}

describe('flacEncoding', () => {
  it('gives whole frames, numbered from 0, of the block size asked for', () => {
    const headers = encode(makePcm('music', 10_000, 2, 16), STEREO, 5, 4410 * 4).map((frame) =>
      parseFlacFrameHeader(frame),
    )
    expect(headers.map((header) => [header?.number, header?.blockSize])).toEqual([
      [0, 4096],
      [1, 4096],
      [2, 10_000 - 8192],
    ])
  })

  it('never keeps back more than a block, and gives the same frames however the samples come', () => {
    const pcm = makePcm('music', 20_000, 2, 16)
    const encoder = flacEncoding().open({ layout: STEREO, blockSize: 4096 })
    let out = 0
    const frames: Uint8Array[] = []
    for (let sample = 0; sample < 20_000; sample += 100) {
      for (const frame of encoder.encode(pcm.subarray(sample * 4, (sample + 100) * 4))) {
        out += parseFlacFrameHeader(frame)!.blockSize
        frames.push(frame)
      }
      expect(sample + 100 - out).toBeLessThanOrEqual(4096)
    }
    frames.push(...encoder.finish())
    expect(Buffer.concat(frames).equals(Buffer.concat(encode(pcm, STEREO)))).toBe(true)
  })

  it('takes no time to speak of', () => {
    const pcm = makePcm('music', 10 * 44_100, 2, 16)
    const before = process.cpuUsage()
    encode(pcm, STEREO, 5, 4410 * 4)
    const { user, system } = process.cpuUsage(before)
    // a tenth of it is usual; what goes wrong between here and the module costs a hundred times as much
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  it('runs encoders side by side, and each gives back its memory', () => {
    const encoding = flacEncoding()
    const pcm = makePcm('music', 5000, 2, 16)
    const alone = Buffer.concat(encode(pcm, STEREO))
    const many = Array.from({ length: 20 }, () => encoding.open({ layout: STEREO, blockSize: 4096 }))
    const parts = many.map((encoder) => [...encoder.encode(pcm.subarray(0, 8000))])
    many.forEach((encoder, index) => parts[index].push(...encoder.encode(pcm.subarray(8000)), ...encoder.finish()))
    for (const frames of parts) expect(Buffer.concat(frames).equals(alone)).toBe(true)
    const size = () => loadLibFlac().words(0, 1).buffer.byteLength
    const before = size()
    for (let round = 0; round < 300; round++) {
      const encoder = encoding.open({ layout: STEREO, blockSize: 4096 })
      encoder.encode(pcm.subarray(0, 400))
      encoder.finish()
    }
    expect(size()).toBe(before)
    // more at once than its first memory holds
    const crowd = Array.from({ length: 60 }, () => encoding.open({ layout: STEREO, blockSize: 4096 }))
    const frames = crowd.map((encoder) => [...encoder.encode(pcm), ...encoder.finish()])
    expect(size()).toBeGreaterThan(before)
    for (const one of frames) expect(Buffer.concat(one).equals(alone)).toBe(true)
  })

  it('is over after finish', () => {
    const encoder = flacEncoding().open({ layout: STEREO, blockSize: 4096 })
    expect(encoder.finish()).toEqual([])
    expect(() => encoder.finish()).toThrow(/libFLAC failed \(finish: ended\)/)
    expect(() => encoder.encode(new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'ISR_ENCODE_FAILED' }))
  })

  it('survives a trap: others go on, and the next encoder gets a libFLAC of its own', () => {
    const broken = loadLibFlac()
    const pcm = makePcm('music', 5000, 2, 16)
    const bystander = flacEncoding().open({ layout: STEREO, blockSize: 4096 })
    const victim = flacEncoding().open({ layout: STEREO, blockSize: 4096 })
    vi.spyOn(broken, 'collect').mockImplementationOnce(() => {
      throw new Error('unreachable')
    })
    expect(() => victim.encode(pcm)).toThrow(/libFLAC failed \(process: unreachable\)/)
    expect(() => victim.finish()).toThrow(/finish: ended/)
    expect(loadLibFlac()).not.toBe(broken)
    const alone = Buffer.concat(encode(pcm, STEREO))
    expect(Buffer.concat([...bystander.encode(pcm), ...bystander.finish()]).equals(alone)).toBe(true)
  })

  it('says what libFLAC refuses, and frees it', () => {
    const layout = { ...STEREO, sampleRateHz: 100_001 }
    expect(() => flacEncoding().open({ layout, blockSize: 4096 })).toThrow(
      expect.objectContaining({ code: 'ISR_ENCODE_FAILED' }),
    )
  })

  it.each([-1, 9, 2.5, Number.NaN])('refuses level %d', (level) => {
    expect(() => flacEncoding({ level })).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
  })

  it.each([
    [5, 44_100, 4096],
    [3, 192_000, 4096],
    [0, 48_000, 1152],
    [5, 16_000, 2048],
    [5, 8000, 1024],
    [2, 8000, 1152],
    [5, 1000, 128],
  ])('at level %d and %d Hz makes blocks of %d samples', (level, rate, blockSize) => {
    expect(flacEncoding({ level }).blockSizeAt(rate)).toBe(blockSize)
  })

  it.each([
    [{ sampleFormat: 'f32' }, /whole numbers.*format = wav/],
    [{ sampleFormat: 's32' }, /16 and 24 bits.*format = wav/],
    [{ channels: 9 }, /8 channels, not 9/],
    [{ sampleRateHz: 100_001 }, /100001 Hz/],
    [{ sampleRateHz: 700_000 }, /700000 Hz/],
  ] as const)('refuses %o with advice', (what, words) => {
    expect(flacEncoding().refusal({ ...STEREO, ...what })).toMatch(words)
  })

  it.each([8000, 11_025, 44_100, 65_535, 88_200, 96_000, 176_400, 192_000, 352_800, 384_000, 655_350])(
    'takes what it does not refuse: %d Hz',
    (sampleRateHz) => {
      for (const layout of [
        { sampleRateHz, channels: 1, sampleFormat: 's16' },
        { sampleRateHz, channels: 8, sampleFormat: 's24' },
      ] as const) {
        expect(flacEncoding().refusal(layout)).toBeUndefined()
        expect(
          encode(makePcm('music', 300, layout.channels, Number(layout.sampleFormat.slice(1))), layout),
        ).toHaveLength(1)
      }
    },
  )
})

describeWithTools(FLAC_TOOLS, 'flacEncoding beside flac', () => {
  it.each([
    ['16 bits at 44.1 kHz', 44_100, 2, 16],
    ['24 bits at 48 kHz', 48_000, 2, 24],
    ['speech, 16 bits at 16 kHz', 16_000, 1, 16],
  ] as const)('is as small: %s', (_, sampleRateHz, channels, bits) => {
    const seconds = 1
    const pcm = makePcm('music', seconds * sampleRateHz, channels, bits, sampleRateHz)
    for (const level of [0, 3, 5, 8]) {
      const sampleFormat = bits === 16 ? 's16' : 's24'
      const ours = Buffer.concat(encode(pcm, { sampleRateHz, channels, sampleFormat }, level)).length
      const theirs = encodeFlac(pcm, { channels, bits, rate: sampleRateHz }, `-${level}`, '--no-padding')
      expect(ours / (theirs.length - headBytes(theirs)), `level ${level}`).toBeLessThan(1.02)
    }
  })
})
