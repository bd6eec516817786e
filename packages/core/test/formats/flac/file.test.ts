import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { flacFormat } from '../../../src/formats/flac/index.js'
import { SeekTable } from '../../../src/formats/flac/blocks/seek-table.js'
import { concatBytes } from '../../../src/bytes/concat.js'
import { splitInto } from '../support/framing.js'
import { makePcm } from '../support/pcm.js'
import {
  answer,
  damaged,
  expectSane,
  expectSeekable,
  fileOf,
  framesFrom,
  layoutOf,
  seekIn,
  someSamples,
  virtualFile,
} from '../support/reading.js'
import {
  decodeFlac,
  encodeFlac,
  encodeWithFfmpeg,
  FLAC_TOOLS,
  framesOf,
  headBytes,
  joinBytes,
  restamp,
} from './support/encode.js'

const SAMPLES = 44100 * 6

/** STREAMINFO of a file that still grows: no total, no sum. */
function growing(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy[21] &= 0xf0
  return copy.fill(0, 22, 42)
}

describeWithTools(FLAC_TOOLS, 'reading FLAC files from any place', () => {
  const stereo = makePcm('music', SAMPLES, 2, 16)
  const flac = encodeFlac(stereo, { channels: 2, bits: 16 })
  const frames = framesOf(flac)
  const head = flac.subarray(0, headBytes(flac))

  const expectReadable = (bytes: Uint8Array, samples = SAMPLES) =>
    expectSeekable(flacFormat, fileOf(bytes), { samples: someSamples(30, samples) })

  it.each([
    ['flac -5', 2, 16, 44100, []],
    ['flac -0, small blocks', 2, 16, 44100, ['-0', '-b', '576']],
    ['24 bits', 2, 24, 96000, []],
    ['mono, 8 kHz, no seek table', 1, 16, 8000, ['--no-seektable']],
    ['six channels, large blocks', 6, 16, 48000, ['--lax', '-b', '16384']],
  ])('finds the frames of a full read: %s', (_name, channels, bits, rate, options) => {
    const samples = rate * 4
    const bytes = encodeFlac(makePcm('music', samples, channels, bits), { channels, bits, rate }, ...options)
    const { layout } = expectReadable(bytes, samples)
    expect(layout).toMatchObject({
      samples,
      framesStartByte: headBytes(bytes),
      framesEndByte: bytes.length,
      prerollFrames: 0,
      hiddenSamples: 0,
    })
    expect(layout.startedAt).toBeUndefined()
  })

  it('finds them in files of ffmpeg and of variable block size', () => {
    expect(expectReadable(encodeWithFfmpeg(stereo, 2)).layout.samples).toBe(SAMPLES)
    let sample = 0
    const variable = frames.map((frame) => {
      const made = restamp(frame, sample, true)
      sample += 4096
      return made
    })
    const info = head.slice()
    info.set([0, 16], 8)
    expect(expectReadable(joinBytes(info, variable)).layout.samples).toBe(SAMPLES)
  })

  it('finds them in our own files, closed and growing', () => {
    for (const { bytes, growing, counts } of splitInto(flacFormat, flac, { cuts: [20, 47] })) {
      for (const file of [bytes, growing]) {
        const { layout, all } = expectReadable(file, counts.samples)
        expect(layout.samples).toBe(counts.samples)
        expect(layout.startedAt).toBe(Date.UTC(2026, 10, 22, 16, 0, 0, 250))
        expect(all.length).toBe(counts.frames)
      }
    }
  })

  it('counts from the first frame of a stream that was joined under way', () => {
    const { layout, all } = expectReadable(joinBytes(...frames.slice(17)))
    expect(layout.samples).toBe(SAMPLES - 17 * 4096)
    expect(all[0]).toMatchObject({ sample: 0 })
  })

  it('does not mind tags before and behind', () => {
    const picture = new Uint8Array(300_000).fill(0xff)
    const id3v2 = joinBytes(Buffer.from('ID3\x03\0\0\0\x12\x27\x60', 'latin1'), picture)
    const id3v1 = joinBytes(Buffer.from('TAG'), new Uint8Array(125))
    const { layout } = expectReadable(joinBytes(id3v2, flac, id3v1))
    expect(layout.framesStartByte).toBe(id3v2.length + head.length)
    expect(layout.framesEndByte).toBe(id3v2.length + flac.length)
    expect(answer(flacFormat.file.inspect(flac.length), fileOf(joinBytes(id3v2, flac))).bytes).toBeLessThan(600_000)
  })

  it('trusts the last whole frame more than the declared length', () => {
    for (const lost of [1, 100, 30_000]) {
      const torn = flac.subarray(0, flac.length - lost)
      const whole = framesOf(torn).length
      for (const file of [torn, growing(torn)]) {
        const { layout } = expectReadable(file)
        expect(layout.samples).toBe(whole * 4096)
        expect(layout.framesEndByte).toBe(head.length + concatBytes(frames.slice(0, whole)).length)
      }
    }
    const zeros = joinBytes(flac, new Uint8Array(2_000_000))
    expect(layoutOf(flacFormat, fileOf(zeros))).toMatchObject({ samples: SAMPLES, framesEndByte: flac.length })
  })

  it('uses a seek table, but does not believe a wrong one', () => {
    const table = new SeekTable(44100)
    let offset = 0
    for (const [index, frame] of frames.entries()) {
      table.add(index * 4096, offset, 4096)
      offset += frame.length
    }
    const right = table.build()
    const wrong = right.slice()
    for (let at = 0; at < wrong.length; at += 18) wrong[at + 15] ^= 0x55
    const shifted = right.slice()
    for (let at = 0; at < shifted.length; at += 18) shifted[at + 6] ^= 0x40
    const unordered = joinBytes(right.subarray(18, 72), right.subarray(0, 18), right.subarray(72))
    for (const points of [right, wrong, shifted, unordered]) {
      const info = head.slice(0, 42)
      info[4] = 0
      const block = joinBytes(Uint8Array.of(0x83, 0, points.length >>> 8, points.length & 255), points)
      expectReadable(joinBytes(info, block, frames))
    }
  })

  it('is not misled by whole FLAC frames inside the samples of another', () => {
    // big-endian, as samples stand in a frame that could not be made smaller
    const inner = encodeFlac(makePcm('noise', 44100, 1, 16), { channels: 1, bits: 16 }, '-b', '256')
    const samples = joinBytes(new Array<Uint8Array>(6).fill(inner.subarray(0, inner.length & ~1)))
    const bytes = encodeFlac(new Uint8Array(Buffer.from(samples).swap16()), { channels: 1, bits: 16 }, '-b', '4096')
    expect(Buffer.from(bytes).includes(Buffer.from(inner.subarray(2000, 2400)))).toBe(true)
    const { layout } = expectReadable(bytes, samples.length / 2)
    expect(layout.samples).toBe(samples.length / 2)
    expect(Buffer.from(decodeFlac(bytes)).swap16().equals(Buffer.from(samples))).toBe(true)
  })

  it('survives any damage', () => {
    let readable = 0
    for (const broken of damaged(flac.subarray(0, 200_000), 60)) {
      if (expectSane(flacFormat, broken, [1000, 60_000, 200_000])) readable++
    }
    expect(readable).toBeGreaterThan(40)
    expect(expectSane(flacFormat, new Uint8Array(0), [])).toBe(false)
    expect(expectSane(flacFormat, head, [])).toBe(false)
  })

  it('looks at little of a big file, with a seek table and without', () => {
    const count = 24_000
    const bare = frames.slice(0, 32)
    const of = (number: number) => restamp(bare[number % bare.length], number, false)
    // only the length of the number changes the length of a frame
    const lengthOf = (number: number) =>
      bare[number % bare.length].length + (number < 0x80 ? 0 : number < 0x800 ? 1 : 2)
    const lengths = Array.from({ length: count }, (_, number) => lengthOf(number))
    const table = new SeekTable(44100)
    let offset = 0
    for (const [number, length] of lengths.entries()) {
      table.add(number * 4096, offset, 4096)
      offset += length
    }
    const info = growing(head.slice(0, 42))
    const points = table.build()
    info[4] = 0
    const withTable = joinBytes(info, Uint8Array.of(0x83, 0, points.length >>> 8, points.length & 255), points)
    const without = joinBytes(info)
    without[4] = 0x80
    for (const start of [withTable, without]) {
      const file = virtualFile([start.length, ...lengths], (index) => (index === 0 ? start : of(index - 1)))
      expect(file.sizeBytes).toBeGreaterThan(200e6)
      const { result: layout, ...cost } = answer(flacFormat.file.inspect(file.sizeBytes), file)
      expect(layout?.samples).toBe(count * 4096)
      expect(cost.bytes).toBeLessThan(300_000)
      for (const sample of someSamples(15, count * 4096)) {
        const { point, cost } = seekIn(flacFormat, layout!, file, sample)
        const number = Math.floor(sample / 4096)
        expect(point).toMatchObject({ sample: number * 4096, frame: number })
        const [found] = framesFrom(flacFormat, layout!, point, file, 1)
        expect(found.bytes).toBe(Buffer.from(of(number)).toString('latin1'))
        expect(cost.bytes).toBeLessThan(1_000_000)
      }
    }
  })
})
