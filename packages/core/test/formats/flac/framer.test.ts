import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { parseFlacFrameHeader } from '../../../src/formats/flac/frame-header.js'
import { FlacHeader } from '../../../src/formats/flac/header.js'
import { flacFormat } from '../../../src/formats/flac/index.js'
import { frameBytes } from '../support/frame-bytes.js'
import { makePcm } from '../support/pcm.js'
import { encodeFlac, FLAC_TOOLS, framesOf, headBytes, joinBytes, restamp } from './support/encode.js'

const frame = (bytes: Uint8Array, sizes?: readonly number[]) => frameBytes(flacFormat.createFramer, bytes, sizes)
const text = (frames: readonly Uint8Array[]) => frames.map((one) => Buffer.from(one).toString('latin1'))
/** Verbatim FLAC has its samples big-endian: these bytes come out there as they went in. */
const swapPairs = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
const id3 = (size: number) =>
  Uint8Array.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, size >> 7, size & 127, ...Array(size).fill(65)])

describeWithTools(FLAC_TOOLS, 'FlacFramer', () => {
  let stereo: Uint8Array
  let mono: Uint8Array
  let frames: Uint8Array[]
  let monoFrames: Uint8Array[]
  let head: Uint8Array
  let monoHead: Uint8Array

  beforeAll(() => {
    stereo = encodeFlac(
      makePcm('music', 60000, 2, 16),
      { channels: 2, bits: 16 },
      '-5',
      '-b',
      '1152',
      '-T',
      'TITLE=Song',
    )
    mono = encodeFlac(makePcm('music', 20000, 1, 24, 48000), { channels: 1, bits: 24, rate: 48000 }, '-8')
    frames = framesOf(stereo)
    monoFrames = framesOf(mono)
    head = stereo.subarray(0, headBytes(stereo))
    monoHead = mono.subarray(0, headBytes(mono))
  })

  it('gives every frame and counts the head as overhead', () => {
    const { spans, headers, discards } = frame(stereo)
    expect(discards).toEqual({})
    const received = spans.map((span) => span.bytes)
    expect(Buffer.compare(joinBytes(head, received), stereo)).toBe(0)
    expect(spans[0].overheadBytes).toBe(head.length)
    expect(spans.reduce((sum, span) => sum + span.samples, 0)).toBe(60000)
    const header = headers[0] as FlacHeader
    expect(header).toBeInstanceOf(FlacHeader)
    expect(header.info).toEqual({ codec: 'flac', sampleRateHz: 44100, channels: 2, bitrateBps: 0 })
    expect(header.metadata.title).toBe('Song')
    expect(joinBytes(Uint8Array.from(Buffer.from('fLaC')), header.packets)).toEqual(head)
    expect(headers).toHaveLength(1)
  })

  it('gives the same however the bytes are cut', () => {
    const noise = makePcm('noise', 700, 1, 16)
    const messy = joinBytes(
      stereo.subarray(3000, 40000),
      noise,
      monoHead,
      monoFrames.slice(0, 3),
      stereo.subarray(0, 30001),
    )
    const { frames: whole, headers, discards } = frame(messy)
    expect(headers).toHaveLength(3)
    for (const sizes of [[1], [1000], [7, 3000, 1, 1, 64]]) {
      const cut = frame(messy, sizes)
      expect(cut.frames).toEqual(whole)
      expect(cut.headers).toHaveLength(3)
      expect(cut.discards).toEqual(discards)
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const cut = frame(messy, sizes)
        expect(cut.frames.length).toBe(whole.length)
        expect(cut.discards).toEqual(discards)
      }),
      { numRuns: 15 },
    )
  })

  it('joins mid-stream at any byte', () => {
    const starts = frames.map((_, index) => joinBytes(head, frames.slice(0, index)).length)
    fc.assert(
      fc.property(fc.integer({ min: head.length + 1, max: stereo.length - 4000 }), (at) => {
        const first = starts.findIndex((start) => start >= at)
        const late = frame(stereo.subarray(at))
        expect(late.frames).toEqual(text(frames.slice(first)))
        const { streamInfo, variableBlockSize, packets } = late.headers[0] as FlacHeader
        expect(streamInfo).toMatchObject({ sampleRateHz: 44100, channels: 2, bitsPerSample: 16, maxBlockSize: 1152 })
        expect([variableBlockSize, packets.length, late.headers.length]).toEqual([false, 0, 1])
        expect(late.discards.sync ?? 0).toBe(starts[first] - at)
      }),
      { numRuns: 60 },
    )
  })

  it('never cuts at a false sync', () => {
    const pcm = makePcm('noise', 60000, 1, 16)
    // Headers with a valid CRC-8 amid verbatim audio, most of them with the very number that follows.
    for (let index = 0; index < 100; index++) {
      const at = index * 1100 + (index % 2)
      const number = 1 + Math.floor(at / 2 / 4096) + (index % 3 === 0 ? index : 0)
      pcm.set(restamp(frames[5], number, false).subarray(0, 6), at)
    }
    const flac = encodeFlac(swapPairs(pcm), { channels: 1, bits: 16 }, '-0', '-b', '4096')
    const syncs = [...flac.keys()].filter((at) => parseFlacFrameHeader(flac, at) !== undefined)
    const { frames: found, headers, discards } = frame(flac)
    expect(syncs.length).toBeGreaterThan(found.length + 90)
    expect(Buffer.from(found.join(''), 'latin1').equals(flac.subarray(headBytes(flac)))).toBe(true)
    expect([headers.length, discards]).toEqual([1, {}])
  })

  it('is not taken in by FLAC inside FLAC', () => {
    const quiet = encodeFlac(makePcm('music', 40000, 1, 16), { channels: 1, bits: 16 }, '-8', '-b', '1024')
    const inside = joinBytes(quiet, frames.slice(0, 8), new Uint8Array(8))
    const flac = encodeFlac(swapPairs(inside), { channels: 1, bits: 16 }, '-0', '-b', '16384', '--lax')
    const syncs = [...flac.keys()].filter((at) => parseFlacFrameHeader(flac, at) !== undefined)
    const { frames: found, headers, discards } = frame(flac, [5000])
    expect(syncs.length).toBeGreaterThan(found.length + 20)
    expect(Buffer.from(found.join(''), 'latin1').equals(flac.subarray(headBytes(flac)))).toBe(true)
    expect([headers.length, discards]).toEqual([1, {}])
  })

  it('loses only the frames that damage touched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 6 }),
        (flips) => {
          const damaged = stereo.slice()
          const hit = new Set<number>()
          for (const [place, mask] of flips) {
            const at = head.length + (place % (stereo.length - head.length))
            damaged[at] ^= mask
            let end = head.length
            hit.add(frames.findIndex((one) => (end += one.length) > at))
          }
          const intact = frames.filter((_, index) => !hit.has(index))
          const { frames: found, headers } = frame(damaged)
          // Two flips may undo each other.
          expect(found.length).toBeGreaterThanOrEqual(intact.length)
          const kept = found.filter((one) => text(intact).includes(one))
          expect(kept).toEqual(text(intact))
          expect(headers).toHaveLength(1)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('loses no whole frame beside cuts, insertions and garbage', () => {
    const garbage = makePcm('noise', 500, 1, 16)
    const parts = (...more: Uint8Array[]) => joinBytes(head, frames.slice(0, 10), ...more, frames.slice(20))
    const kept = [...frames.slice(0, 10), ...frames.slice(20)]
    expect(frame(parts()).frames).toEqual(text(kept))
    expect(frame(parts(garbage)).frames).toEqual(text(kept))
    expect(frame(parts(garbage)).discards).toEqual({ sync: 1000 })
    expect(frame(parts(new Uint8Array(100_000))).frames).toEqual(text(kept))
    expect(frame(parts(new Uint8Array(100_000).fill(0xff))).frames).toEqual(text(kept))
    expect(frame(parts(frames[10].subarray(0, 300))).frames).toEqual(text(kept))
    expect(frame(parts(id3(300), frames[15].subarray(200))).frames).toEqual(text(kept))
    expect(frame(parts(garbage)).headers).toHaveLength(1)
    // Frames missing without a trace are another encoder's.
    expect(frame(parts()).headers).toHaveLength(2)
  })

  it('survives anything', () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(40000).map((at) => stereo.subarray(at, at + 2500)),
      fc.nat(59).map((index) => frames[index % frames.length]),
      fc.constantFrom('fLaC', 'ID3', 'TAG').map((magic) => Uint8Array.from(Buffer.from(magic))),
      fc.nat(60).map((size) => stereo.subarray(0, size)),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.integer({ min: 1, max: 3000 }), (some, size) => {
        const bytes = joinBytes(some)
        const whole = frame(bytes)
        const cut = frame(bytes, [size])
        expect(cut.frames).toEqual(whole.frames)
        expect(cut.discards).toEqual(whole.discards)
      }),
      { numRuns: 150 },
    )
  })

  it('gives out the last frame at the end, when it is whole', () => {
    const cut = frame(stereo.subarray(0, stereo.length - 1))
    expect(cut.frames).toEqual(text(frames.slice(0, -1)))
    expect(cut.discards).toEqual({ 'partial-frame': frames.at(-1)!.length - 1 })
    const tagged = frame(joinBytes(stereo, Uint8Array.from(Buffer.from('TAG'.padEnd(128, 'x')))))
    expect(tagged.frames).toEqual(text(frames))
    expect(tagged.discards).toEqual({ tag: 128 })
    expect(frame(head).discards).toEqual({ 'partial-frame': head.length })
    expect(frame(head.subarray(0, 50)).frames).toEqual([])
  })

  it('opens a new stream at a head, at other parameters and where numbers restart', () => {
    const again = joinBytes(stereo, mono, stereo)
    const chained = frame(again)
    expect(chained.frames).toEqual(text([...frames, ...monoFrames, ...frames]))
    expect(chained.headers.map(({ info }) => info.channels)).toEqual([2, 1, 2])
    expect(chained.discards).toEqual({})

    const switched = frame(joinBytes(frames.slice(5), monoFrames, frames.slice(0, 9)))
    expect(switched.frames).toEqual(text([...frames.slice(5), ...monoFrames, ...frames.slice(0, 9)]))
    expect(switched.headers.map(({ info }) => info.sampleRateHz)).toEqual([44100, 48000, 44100])

    const restarted = frame(joinBytes(head, frames.slice(0, 30), frames.slice(0, 10), frames.slice(25)))
    expect(restarted.headers).toHaveLength(3)
    expect(restarted.discards).toEqual({})
    const midFrame = frame(joinBytes(head, frames.slice(0, 30), frames[30].subarray(0, 200), stereo))
    expect(midFrame.headers).toHaveLength(2)
    expect(midFrame.discards.sync).toBe(200)
    expect(midFrame.frames).toEqual(text([...frames.slice(0, 30), ...frames]))
  })

  it('reads variable block sizes and numbers of every length', () => {
    for (const start of [0, 100, 3000, 70_000, 3_000_000, 200_000_000, 2 ** 35]) {
      let number = start
      const variable = [...frames, ...frames.slice(0, 5)].map((one) => {
        const stamped = restamp(one, number, true)
        number += parseFlacFrameHeader(one)!.blockSize
        return stamped
      })
      const { frames: found, headers, discards } = frame(joinBytes(variable), [4000])
      expect(found).toEqual(text(variable))
      expect(discards).toEqual({})
      expect(headers).toHaveLength(1)
      expect((headers[0] as FlacHeader).variableBlockSize).toBe(true)
    }
  })

  it('takes what frames leave to STREAMINFO from there, and refuses such frames without it', () => {
    const odd = encodeFlac(makePcm('music', 20000, 2, 16), { channels: 2, bits: 16, rate: 44101 * 16 }, '--lax', '-5')
    const own = framesOf(odd)
    expect(parseFlacFrameHeader(own[0])!.sampleRateHz).toBe(0)
    expect((frame(odd).headers[0] as FlacHeader).info.sampleRateHz).toBe(44101 * 16)
    expect(frame(joinBytes(own)).frames).toEqual([])
    expect(frame(joinBytes(own)).discards).toEqual({ sync: joinBytes(own).length })
  })

  it('passes over tags before the head', () => {
    const tagged = frame(joinBytes(id3(5000), id3(20), stereo), [777])
    expect(tagged.frames).toEqual(text(frames))
    expect(tagged.discards).toEqual({ tag: 5010 + 30 })
    expect(frame(id3(5000).subarray(0, 400)).discards).toEqual({ tag: 400 })
    const liar = Uint8Array.from([0x49, 0x44, 0x33, 4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f])
    expect(frame(joinBytes(liar, stereo)).frames).toEqual(text(frames))
  })

  it('takes large metadata, and finds the frames where its lengths lie', () => {
    const block = (type: number, size: number, claimed = size) =>
      joinBytes(
        Uint8Array.of(type, claimed >> 16, (claimed >> 8) & 255, claimed & 255),
        new Uint8Array(size).fill(0x55),
      )
    const start = stereo.slice(0, 42)
    const large = joinBytes(start, block(6, 300_000), block(0x81, 10), frames)
    expect(frame(large, [5000]).spans[0].overheadBytes).toBe(42 + 300_004 + 14)
    expect((frame(large).headers[0] as FlacHeader).packets).toHaveLength(3)
    for (const lying of [
      joinBytes(start, block(0x86, 100, 0xffffff), frames),
      joinBytes(start, block(0x86, 100, 300), frames),
    ]) {
      const { frames: found, headers, discards } = frame(lying, [5000])
      expect(found).toEqual(text(frames))
      expect(discards).toEqual({ sync: 104 })
      expect((headers[0] as FlacHeader).packets).toHaveLength(1)
    }
    const huge = frame(joinBytes(start, block(6, 3_000_000), block(0x81, 10), frames), [50_000])
    expect(huge.frames).toEqual(text(frames))
  })

  it('does bounded work on hostile bytes', () => {
    const started = process.cpuUsage()
    const headers = joinBytes(
      Array.from({ length: 40_000 }, (_, index) => restamp(frames[0], index % 7, false).subarray(0, 6)),
    )
    expect(frame(headers, [1400]).frames).toEqual([])
    const magics = joinBytes(Array.from({ length: 6000 }, () => stereo.subarray(0, 42)))
    expect(frame(magics, [1400]).frames).toEqual([])
    const silence = encodeFlac(makePcm('silence', 1_000_000, 2, 16), { channels: 2, bits: 16 }, '--lax', '-b', '16')
    expect(frame(silence.subarray(20_000), [1400]).frames.length).toBeGreaterThan(60_000)
    const used = process.cpuUsage(started)
    expect((used.user + used.system) / 1e6).toBeLessThan(15)
  })
})
