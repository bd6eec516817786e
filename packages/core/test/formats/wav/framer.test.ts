import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WavHeader } from '../../../src/formats/wav/header.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { buildChunk } from '../../../src/formats/wav/riff.js'
import { frameBytes } from '../support/frame-bytes.js'
import { makePcm } from '../support/pcm.js'

const frame = (bytes: Uint8Array, sizes?: readonly number[]) => frameBytes(wavFormat.createFramer, bytes, sizes)
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const audioOf = (bytes: Uint8Array, sizes?: readonly number[]) =>
  join(...frame(bytes, sizes).spans.map((span) => span.bytes))
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

interface FmtInit {
  readonly tag?: number
  readonly channels?: number
  readonly rate?: number
  readonly bits?: number
  readonly blockAlign?: number
  readonly extra?: Uint8Array
}

function fmt({
  tag = 1,
  channels = 2,
  rate = 44100,
  bits = 16,
  blockAlign = (channels * bits) / 8,
  extra,
}: FmtInit = {}) {
  const body = Buffer.alloc(16)
  body.writeUInt16LE(tag, 0)
  body.writeUInt16LE(channels, 2)
  body.writeUInt32LE(rate, 4)
  body.writeUInt32LE(rate * blockAlign, 8)
  body.writeUInt16LE(blockAlign, 12)
  body.writeUInt16LE(bits, 14)
  return buildChunk('fmt ', join(body, extra ?? new Uint8Array(0)))
}

function extensible(tag: number, validBits: number, mask: number, tail = '000000001000800000aa00389b71') {
  const extra = Buffer.alloc(24)
  extra.writeUInt16LE(22, 0)
  extra.writeUInt16LE(validBits, 2)
  extra.writeUInt32LE(mask, 4)
  extra.writeUInt16LE(tag, 8)
  extra.write(tail, 10, 'hex')
  return extra
}

const riff = (size: number, ...parts: Uint8Array[]) =>
  join(Buffer.from('RIFF'), uint32(size), Buffer.from('WAVE'), ...parts)
const dataHead = (size: number) => join(Buffer.from('data'), uint32(size))
const list = buildChunk('LIST', Buffer.from('INFOISFT\x04\0\0\0test'))
const pcm = makePcm('music', 3000, 2, 16)

describe('WavFramer', () => {
  it('takes the samples of a finished file and nothing else', () => {
    const file = riff(
      36 + pcm.length + list.length,
      fmt(),
      dataHead(pcm.length),
      pcm,
      list,
      buildChunk('id3 ', Buffer.from('abc')),
    )
    const { spans, discards, headers } = frame(file, [1000])
    expect(join(...spans.map((span) => span.bytes))).toEqual(pcm)
    expect(discards).toEqual({ tag: list.length + 12 })
    expect(spans[0].overheadBytes).toBe(44)
    expect(headers).toHaveLength(1)
    expect(headers[0].info).toEqual({ codec: 'pcm', sampleRateHz: 44100, channels: 2, bitrateBps: 1411200 })
    expect(headers[0].packets).toEqual([fmt()])
    expect((headers[0] as WavHeader).layout).toEqual({ sampleRateHz: 44100, channels: 2, sampleFormat: 's16' })
    expect(spans.reduce((sum, span) => sum + span.samples, 0)).toBe(3000)
  })

  it.each([
    ['0', 0],
    ['0xFFFFFFFF', 0xffffffff],
    ['less than there is', 1002],
    ["sox's", 0x7ffff000],
  ])('goes on to the end of a live stream whose size says %s', (_, size) => {
    const live = riff(size, list, fmt(), dataHead(size), pcm)
    expect(audioOf(live)).toEqual(pcm)
    expect(audioOf(live, [1, 700, 3])).toEqual(pcm)
  })

  it('reads the size of RF64', () => {
    const ds64 = Buffer.alloc(28)
    ds64.writeBigUInt64LE(BigInt(pcm.length), 8)
    const file = join(
      Buffer.from('RF64'),
      uint32(0xffffffff),
      Buffer.from('WAVE'),
      buildChunk('ds64', ds64),
      fmt(),
      dataHead(0xffffffff),
      pcm,
      list,
    )
    expect(audioOf(file, [100])).toEqual(pcm)
    expect(frame(file).discards).toEqual({ tag: list.length })
  })

  it.each([
    ['s16', {}, 's16'],
    ['s24', { bits: 24 }, 's24'],
    ['s32', { bits: 32, channels: 1 }, 's32'],
    ['f32', { tag: 3, bits: 32, extra: new Uint8Array(2) }, 'f32'],
    ['20 bits in 24', { tag: 0xfffe, bits: 24, extra: extensible(1, 20, 3) }, 's24'],
    ['24 bits in 32', { tag: 0xfffe, bits: 32, extra: extensible(1, 24, 3) }, 's32'],
    ['float 5.1', { tag: 0xfffe, bits: 32, channels: 6, extra: extensible(3, 32, 0x3f) }, 'f32'],
    ['12 bits, plain', { bits: 12, blockAlign: 4 }, 's16'],
  ] as const)('knows %s', (_, init, sampleFormat) => {
    const { headers, spans } = frame(riff(0, fmt(init), dataHead(0), pcm.subarray(0, 1200)))
    expect((headers[0] as WavHeader).layout.sampleFormat).toBe(sampleFormat)
    expect(spans[0].byteOffset(1)).toBe(headers[0].info.channels * { s16: 2, s24: 3, s32: 4, f32: 4 }[sampleFormat])
    const { validBits, channelMask } = headers[0] as WavHeader
    if ('extra' in init && init.extra.length > 2) {
      expect([validBits, channelMask]).toEqual([
        Buffer.from(init.extra).readUInt16LE(2),
        Buffer.from(init.extra).readUInt32LE(4),
      ])
    }
  })

  it.each([
    ['8 bit', { bits: 8 }],
    ['64-bit float', { tag: 3, bits: 64 }],
    ['A-law', { tag: 6, bits: 8 }],
    ['ADPCM', { tag: 2, bits: 4, blockAlign: 512 }],
    ['9 channels', { channels: 9 }],
    ['no rate', { rate: 0 }],
    ['an unknown sub-format', { tag: 0xfffe, extra: extensible(1, 16, 3, 'ff0000001000800000aa00389b71') }],
  ] as const)('refuses %s: foreign, never converted', (_, init) => {
    const refused = riff(0, fmt(init), dataHead(0), pcm)
    expect(frame(refused, [500]).spans).toEqual([])
    expect(frame(refused, [500]).discards).toEqual({ foreign: refused.length })
    expect(audioOf(join(refused, riff(0, fmt(), dataHead(0), pcm)))).toEqual(pcm)
  })

  it('opens a new stream at the next WAVE header, wherever it stands', () => {
    const other = makePcm('noise', 500, 1, 16)
    const second = riff(0, fmt({ channels: 1, rate: 8000 }), dataHead(0), other)
    for (const size of [0, 0xffffffff, 400, pcm.length]) {
      for (const cut of [pcm.length, pcm.length - 3]) {
        if (size === pcm.length && cut < size) continue
        const stream = join(riff(size, fmt(), dataHead(size), pcm.subarray(0, cut)), second)
        const { spans, headers } = frame(stream, [333])
        expect(headers.map(({ info }) => info.sampleRateHz)).toEqual([44100, 8000])
        expect(join(...spans.map((span) => span.bytes))).toEqual(join(pcm.subarray(0, cut & ~3), other))
      }
    }
  })

  it('takes a WAVE header inside the declared audio for audio', () => {
    const inside = join(pcm.subarray(0, 400), riff(0, fmt(), dataHead(0)), pcm.subarray(0, 400))
    const file = riff(36 + inside.length, fmt(), dataHead(inside.length), inside)
    expect(audioOf(file)).toEqual(inside)
  })

  it('knows an odd size by its pad byte, also where it was forgotten', () => {
    const odd = makePcm('noise', 333, 1, 24)
    const head = (size: number) => riff(0, fmt({ channels: 1, bits: 24 }), dataHead(size))
    expect(odd.length % 2).toBe(1)
    for (const tail of [[new Uint8Array(1), list], [list], [new Uint8Array(1)], []]) {
      expect(audioOf(join(head(odd.length), odd, ...tail), [50])).toEqual(odd)
    }
  })

  it('joins audio that comes in several data chunks', () => {
    const file = riff(0, fmt(), dataHead(400), pcm.subarray(0, 400), list, dataHead(800), pcm.subarray(400, 1200))
    expect(audioOf(file, [90])).toEqual(pcm.subarray(0, 1200))
    expect(frame(file).headers).toHaveLength(1)
  })

  it('finds the header behind garbage, and gives up on what is none', () => {
    const garbage = makePcm('noise', 200, 1, 16)
    const good = riff(0, fmt(), dataHead(0), pcm)
    expect(audioOf(join(garbage, good))).toEqual(pcm)
    expect(audioOf(join(good.subarray(0, 30), good), [10])).toEqual(pcm)
    expect(audioOf(join(riff(0, Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0)), good))).toEqual(pcm)
    expect(audioOf(join(riff(0, dataHead(100), pcm.subarray(0, 100)), good))).toEqual(pcm)
    expect(frame(garbage).discards).toEqual({ sync: 400 })
    expect(frame(good.subarray(0, 44)).discards).toEqual({ 'partial-frame': 44 })
    expect(frame(good.subarray(0, 47)).discards).toEqual({ 'partial-frame': 47 })
  })

  it('gives the same however the bytes are cut, whatever they are', () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(0, 100, 401, 0xffffffff).map((size) => riff(size, fmt(), dataHead(size))),
      fc.constantFrom(list, fmt(), dataHead(100), Buffer.from('RIFF'), Buffer.from('WAVE')),
      fc.nat(600).map((size) => pcm.subarray(0, size)),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.integer({ min: 1, max: 200 }), (some, size) => {
        const bytes = join(...some)
        const whole = frame(bytes)
        const cut = frame(bytes, [size])
        expect(cut.frames).toEqual(whole.frames)
        expect(cut.headers.length).toBe(whole.headers.length)
      }),
      { numRuns: 300 },
    )
  })
})
