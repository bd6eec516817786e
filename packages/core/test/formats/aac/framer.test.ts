import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import { createFolder, encodeAac } from '../support/encoded.js'
import { discardsOf, frameAll, framesOf, headersOf, hex, join, offsetsOf, randomIntegers } from '../support/framing.js'
import { ffprobePackets, writeTo } from '../support/judges.js'

const folder = createFolder()
afterAll(() => folder.remove())

const stereo = encodeAac()
const stereoFrames = framesOf(frameAll(aacFormat, stereo))
const frames = (from: number, to?: number) => join(...stereoFrames.slice(from, to))

/** An ADTS frame made by hand. */
function adts({ payload = new Uint8Array(40), profile = 1, rate = 4, channels = 2, blocks = 1, crc = false } = {}) {
  const headerBytes = crc ? 7 + 2 * blocks : 7
  const length = headerBytes + payload.length
  const frame = new Uint8Array(length)
  frame.set([
    0xff,
    crc ? 0xf0 : 0xf1,
    (profile << 6) | (rate << 2) | (channels >>> 2),
    ((channels & 3) << 6) | (length >>> 11),
    (length >>> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc | (blocks - 1),
  ])
  frame.set(payload, headerBytes)
  return frame
}
const times = (count: number, frame: Uint8Array) => join(...Array.from({ length: count }, () => frame))

describeWithTools(['ffmpeg', 'ffprobe'], 'ADTS framer', () => {
  const streams: [string, Uint8Array, object][] = [
    ['44.1 kHz stereo', stereo, { sampleRateHz: 44100, channels: 2 }],
    ['48 kHz mono', encodeAac({ rateHz: 48000, channels: 1 }), { sampleRateHz: 48000, channels: 1 }],
    ['22.05 kHz', encodeAac({ rateHz: 22050 }), { sampleRateHz: 22050, channels: 2 }],
    ['8 kHz mono', encodeAac({ rateHz: 8000, channels: 1 }), { sampleRateHz: 8000, channels: 1 }],
    ['5.1', encodeAac({ channels: 6 }), { sampleRateHz: 44100, channels: 6 }],
    ['7 channels, by program config', encodeAac({ channels: 7 }), { sampleRateHz: 44100, channels: 7 }],
  ]
  for (const [name, stream, info] of streams) {
    it(`finds the frames that ffmpeg finds: ${name}`, () => {
      const found = frameAll(aacFormat, stream)
      const offsets = offsetsOf(framesOf(found))
      const packets = ffprobePackets(writeTo(folder.file('stream.aac'), stream))
      expect(discardsOf(found)).toEqual([])
      expect(packets.length).toBeGreaterThan(20)
      // ffmpeg takes the headers of the frames off
      expect(offsets.slice(0, -1)).toEqual(packets.map(({ at }) => at))
      expect(headersOf(found).map((header) => header.info)).toEqual([{ codec: 'aac', bitrateBps: 0, ...info }])
      expect(found.every((each) => 'frame' in each && each.samples === 1024)).toBe(true)
    })
  }

  it('starts amid a frame, wherever', () => {
    const offsets = offsetsOf(stereoFrames)
    const random = randomIntegers(8)
    for (let round = 0; round < 200; round++) {
      const start = 1 + random(offsets[100])
      const first = offsets.findIndex((offset) => offset >= start)
      const found = framesOf(frameAll(aacFormat, stereo.subarray(start)))
      expect(found.length).toBe(stereoFrames.length - first)
      expect(hex(found[0])).toBe(hex(stereoFrames[first]))
    }
  })

  it('counts 1024 samples for each raw data block and knows CRCs', () => {
    const found = frameAll(aacFormat, times(5, adts({ blocks: 3, crc: true })))
    expect(found.map((each) => 'frame' in each && each.samples)).toEqual([3072, 3072, 3072, 3072, 3072])
  })

  it('refuses reserved rates, layers and frames that are all header', () => {
    const broken = [
      adts({ rate: 13 }),
      adts({ payload: new Uint8Array(0) }),
      adts({ payload: new Uint8Array(0), crc: true }),
      join(Uint8Array.of(0xff, 0xf3), adts().subarray(2)),
      join(Uint8Array.of(0xff, 0xe1), adts().subarray(2)),
    ]
    for (const frame of broken) expect(framesOf(frameAll(aacFormat, times(10, frame)))).toEqual([])
    expect(framesOf(frameAll(aacFormat, times(10, adts({ rate: 12 })))).length).toBe(10)
  })

  it('assumes two channels where nothing tells', () => {
    const [header] = headersOf(frameAll(aacFormat, times(5, adts({ channels: 0 }))))
    expect(header.info.channels).toBe(2)
  })

  it('begins another logical stream where rate, channels or profile change, and only there', () => {
    const kinds = [
      adts(),
      adts({ rate: 3 }),
      adts({ rate: 3, channels: 1 }),
      adts({ rate: 3, channels: 1, profile: 0 }),
    ]
    const found = frameAll(aacFormat, join(...kinds.map((kind) => times(6, kind))), () => 100)
    expect(discardsOf(found)).toEqual([])
    expect(headersOf(found).map(({ info }) => `${info.sampleRateHz} ${info.channels}`)).toEqual([
      '44100 2',
      '48000 2',
      '48000 1',
      '48000 1',
    ])
    const mpeg2 = join(Uint8Array.of(0xff, 0xf9), adts().subarray(2))
    expect(headersOf(frameAll(aacFormat, join(times(6, adts()), times(6, mpeg2)))).length).toBe(1)
  })

  it('drops tags and gives the last whole frame, not the half one', () => {
    const id3 = join('ID3\x04\0\0\0\0\x02\0', new Uint8Array(256))
    const found = frameAll(aacFormat, join(id3, frames(0, 20), id3, frames(20, 40), stereoFrames[40].subarray(0, 50)))
    expect(framesOf(found).map(hex)).toEqual(stereoFrames.slice(0, 40).map(hex))
    expect(discardsOf(found)).toEqual([
      { discarded: 266, reason: 'tag' },
      { discarded: 266, reason: 'tag' },
      { discarded: 50, reason: 'partial-frame' },
    ])
  })

  it('loses only what damage touches', () => {
    const random = randomIntegers(6)
    const noise = (length: number) => Uint8Array.from({ length }, () => random(256))
    for (let round = 0; round < 60; round++) {
      const victim = 3 + random(stereoFrames.length - 6)
      const broken = [
        join(noise(7), stereoFrames[victim].subarray(7)),
        noise(stereoFrames[victim].length),
        new Uint8Array(stereoFrames[victim].length),
        stereoFrames[victim].subarray(100),
      ][round % 4]
      const found = frameAll(aacFormat, join(frames(0, victim), broken, frames(victim + 1)))
      expect(framesOf(found).map(hex)).toEqual(stereoFrames.filter((_, index) => index !== victim).map(hex))
      const between = frameAll(aacFormat, join(frames(0, victim), broken, frames(victim)))
      expect(framesOf(between).map(hex)).toEqual(stereoFrames.map(hex))
    }
  })

  it('is not led astray by false syncs', () => {
    const lure = adts({ payload: new Uint8Array(20) })
    const payload = Uint8Array.from({ length: 400 }, (_, index) => lure[index % 7])
    payload.set(lure, 100)
    payload.set(lure, 100 + lure.length)
    const stream = times(20, adts({ payload }))
    expect(framesOf(frameAll(aacFormat, stream)).length).toBe(20)
    expect(framesOf(frameAll(aacFormat, join(stream, stereo))).length).toBe(20 + stereoFrames.length)
  })
})
