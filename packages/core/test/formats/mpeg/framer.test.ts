import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { createFolder, encodeMp3, encodeMp3File } from '../support/encoded.js'
import { discardsOf, frameAll, framesOf, headersOf, hex, join, offsetsOf, randomIntegers } from '../support/framing.js'
import { ffprobePackets, writeTo } from '../support/judges.js'
import { withCrc } from '../support/protected.js'

const folder = createFolder()
afterAll(() => folder.remove())

const cbr = encodeMp3('-b:a 128k')
const cbrFrames = framesOf(frameAll(mp3Format, cbr))
const frames = (from: number, to?: number) => join(...cbrFrames.slice(from, to))

/** A frame of 128 kb/s stereo at 44.1 kHz, filled with what is given, over and over. */
function frameOf(filling: Uint8Array, bitrateIndex = 9): Uint8Array {
  const length = Math.floor((144 * [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160][bitrateIndex]) / 44.1)
  const frame = Uint8Array.from({ length }, (_, index) => filling[index % filling.length])
  frame.set([0xff, 0xfb, bitrateIndex << 4, 0x00])
  return frame
}

describeWithTools(['ffmpeg', 'ffprobe'], 'MP3 framer', () => {
  const streams: [string, Uint8Array, object][] = [
    ['CBR 128', cbr, { sampleRateHz: 44100, channels: 2, bitrateBps: 128000 }],
    ['VBR', encodeMp3('-q:a 4'), { sampleRateHz: 44100, channels: 2, bitrateBps: 0 }],
    ['48 kHz', encodeMp3('-b:a 320k', { rateHz: 48000 }), { sampleRateHz: 48000, bitrateBps: 320000 }],
    ['32 kHz mono', encodeMp3('-b:a 48k', { rateHz: 32000, channels: 1 }), { sampleRateHz: 32000, channels: 1 }],
    ['22.05 kHz', encodeMp3('-b:a 64k', { rateHz: 22050 }), { sampleRateHz: 22050, bitrateBps: 64000 }],
    ['16 kHz mono', encodeMp3('-b:a 16k', { rateHz: 16000, channels: 1 }), { sampleRateHz: 16000, channels: 1 }],
    ['8 kHz mono', encodeMp3('-b:a 8k', { rateHz: 8000, channels: 1 }), { sampleRateHz: 8000, bitrateBps: 8000 }],
    ['CRC', withCrc(encodeMp3('-b:a 96k -reservoir 0')), { sampleRateHz: 44100, bitrateBps: 112000 }],
  ]
  for (const [name, stream, info] of streams) {
    it(`finds the frames that ffmpeg finds: ${name}`, () => {
      const found = frameAll(mp3Format, stream)
      const offsets = offsetsOf(framesOf(found))
      const packets = ffprobePackets(writeTo(folder.file('stream.mp3'), stream))
      expect(discardsOf(found)).toEqual([])
      expect(packets.length).toBeGreaterThan(20)
      expect(framesOf(found).map((frame, index) => ({ at: offsets[index], length: frame.length }))).toEqual(packets)
      expect(headersOf(found).map((header) => header.info)).toEqual([
        expect.objectContaining({ codec: 'mp3', ...info }),
      ])
      const samples = Number((info as { sampleRateHz: number }).sampleRateHz) >= 32000 ? 1152 : 576
      expect(found.every((each) => 'frame' in each && each.samples === samples)).toBe(true)
    })
  }

  it('hands out views of whole chunks, no copies', () => {
    const chunk = cbr.subarray(1000, 60_000)
    const found = frameAll(mp3Format, chunk)
    const views = framesOf(found).filter((frame) => frame.buffer === chunk.buffer)
    expect(views.length).toBe(framesOf(found).length)
  })

  it('never hands out a Buffer, whose slice() is a view of the stream', () => {
    for (const frame of framesOf(frameAll(mp3Format, Buffer.from(cbr)))) expect(frame).not.toBeInstanceOf(Buffer)
  })

  it('starts amid a frame', () => {
    const offsets = offsetsOf(cbrFrames)
    for (const start of [1, 3, 416, 417, 418, 5000, 5001]) {
      const first = offsets.findIndex((offset) => offset >= start)
      const found = frameAll(mp3Format, cbr.subarray(start))
      expect(discardsOf(found)).toEqual(
        offsets[first] > start ? [{ discarded: offsets[first] - start, reason: 'sync' }] : [],
      )
      expect(framesOf(found).map(hex)).toEqual(cbrFrames.slice(first).map(hex))
    }
  })

  it('gives the last whole frame at the end, not the half one', () => {
    for (const half of [0, 1, 3, 4, 200, 416]) {
      const found = frameAll(mp3Format, join(frames(0, 10), cbrFrames[10].subarray(0, half)))
      expect(framesOf(found).map(hex)).toEqual(cbrFrames.slice(0, 10).map(hex))
      expect(discardsOf(found)).toEqual(half > 0 ? [{ discarded: half, reason: 'partial-frame' }] : [])
    }
  })

  it('gives the frames of a stream that ends before it is long enough to lock', () => {
    expect(framesOf(frameAll(mp3Format, frames(0, 2))).length).toBe(2)
    expect(framesOf(frameAll(mp3Format, frames(0, 3))).length).toBe(3)
    expect(framesOf(frameAll(mp3Format, frames(0, 1))).length).toBe(1)
    const amid = join(Uint8Array.of(0), frames(0, 1))
    expect(frameAll(mp3Format, amid)).toEqual([{ discarded: amid.length, reason: 'sync' }])
    expect(frameAll(mp3Format, new Uint8Array(0))).toEqual([])
    expect(frameAll(mp3Format, Uint8Array.of(0xff))).toEqual([{ discarded: 1, reason: 'partial-frame' }])
  })

  it('drops tags at start, amid and at the end of a stream, and Info, Xing and VBRI frames', () => {
    const picture = Uint8Array.from({ length: 300_000 }, (_, index) => (index % 3 === 0 ? 0xff : 0xfb))
    const size = [picture.length >>> 14, (picture.length >>> 7) & 127, picture.length & 127]
    const id3v2 = join('ID3\x03\0\0\0', Uint8Array.from(size), picture)
    const id3v1 = join('TAG', new Uint8Array(125).fill(0x20))
    const file = encodeMp3File(folder.file('file.mp3'), '-b:a 128k')
    const vbri = Uint8Array.from(frameOf(Uint8Array.of(0)))
    vbri.set(Buffer.from('VBRI\0\x01', 'latin1'), 36)
    const found = frameAll(
      mp3Format,
      join(id3v2, vbri, frames(0, 20), id3v1, id3v2, file, id3v1, frames(20, 40), id3v1),
      () => 7001,
    )
    const reasons = new Set(discardsOf(found).map(({ reason }) => reason))
    expect([...reasons]).toEqual(['tag'])
    const ofFile = ffprobePackets(folder.file('file.mp3')).map(({ at, length }) => hex(file.subarray(at, at + length)))
    expect(framesOf(found).map(hex)).toEqual([
      ...cbrFrames.slice(0, 20).map(hex),
      ...ofFile,
      ...cbrFrames.slice(20, 40).map(hex),
    ])
    expect(headersOf(found).length).toBe(1)
  })

  it('skips a tag as it streams, in bounded memory', () => {
    const framer = mp3Format.createFramer({ onSpan: () => (spans += 1), onDiscard: (bytes) => (skipped += bytes) })
    let spans = 0
    let skipped = 0
    framer.push(join('ID3\x04\0\0\x01\x7f\x7f\x7f')) // 4 MiB
    let held = 0
    const total = 2 ** 22 - 1
    for (let sent = 0; sent < total; sent += 65536) {
      framer.push(new Uint8Array(Math.min(65536, total - sent)).fill(0xff))
      held = Math.max(held, 10 + sent + 65536 - skipped)
    }
    framer.push(frames(0, 20))
    framer.flush()
    expect(held).toBeLessThan(70_000)
    expect(skipped).toBe(10 + total)
    expect(spans).toBeGreaterThan(0)
  })

  it('loses no audio to a tag that claims more than it has', () => {
    const liar = join('ID3\x04\0\0\x0f\x7f\x7f\x7f', new Uint8Array(500).fill(0x41))
    const found = frameAll(mp3Format, join(frames(0, 30), liar, frames(30)), () => 1000)
    expect(framesOf(found).map(hex)).toEqual(cbrFrames.map(hex))
    expect(discardsOf(found)).toEqual([{ discarded: liar.length, reason: 'tag' }])
  })

  it('begins another logical stream where version, rate or channels change, and only there', () => {
    const others = [
      encodeMp3('-b:a 64k', { rateHz: 22050 }),
      encodeMp3('-b:a 128k', { rateHz: 48000 }),
      encodeMp3('-b:a 64k', { channels: 1 }),
      encodeMp3('-q:a 4'),
      encodeMp3('-b:a 192k'),
    ]
    const found = frameAll(mp3Format, join(cbr, ...others), () => 1500)
    expect(discardsOf(found)).toEqual([])
    expect(hex(join(...framesOf(found)))).toBe(hex(join(cbr, ...others)))
    const facts = headersOf(found).map(({ info }) => `${info.sampleRateHz} ${info.channels}`)
    expect(facts).toEqual(['44100 2', '22050 2', '48000 2', '44100 1', '44100 2'])
  })

  it('makes a new header when the stream comes back to what it was', () => {
    const other = encodeMp3('-b:a 64k', { channels: 1, seconds: 1 })
    const found = frameAll(mp3Format, join(frames(0, 10), other, frames(10, 20)))
    expect(headersOf(found).map(({ info }) => info.channels)).toEqual([2, 1, 2])
  })

  it('refuses free format and layer II', () => {
    const free = Array.from({ length: 20 }, () => {
      const frame = frameOf(Uint8Array.of(0x55))
      frame[2] = 0
      return frame
    })
    const layer2 = cbrFrames.slice(0, 20).map((frame) => join(Uint8Array.of(0xff, 0xfd), frame.subarray(2)))
    for (const alien of [free, layer2]) {
      const bytes = join(...alien)
      expect(frameAll(mp3Format, bytes)).toEqual([{ discarded: bytes.length, reason: 'sync' }])
    }
  })
})

describeWithTools(['ffmpeg', 'ffprobe'], 'MP3 framer and false syncs', () => {
  it('meets many in natural audio', () => {
    const noise = encodeMp3('-b:a 320k')
    let syncs = 0
    for (let at = 0; at + 1 < noise.length; at++) if (noise[at] === 0xff && noise[at + 1] >= 0xe0) syncs++
    const found = framesOf(frameAll(mp3Format, noise))
    expect(syncs).toBeGreaterThan(found.length + 30)
    // wherever the stream is joined, the first frame is one of the stream
    const offsets = new Set(offsetsOf(found))
    const random = randomIntegers(3)
    for (let round = 0; round < 300; round++) {
      const start = random(noise.length - 20_000)
      const [first, second] = frameAll(mp3Format, noise.subarray(start, start + 12_000))
      const at = start + ('discarded' in first ? first.discarded : 0)
      expect(offsets.has(at)).toBe(true)
      expect('frame' in first || 'frame' in second).toBe(true)
    }
  })

  it('is not led astray by payloads full of headers', () => {
    const header = Uint8Array.of(0xff, 0xfb, 0x90, 0x00)
    const stream = join(...Array.from({ length: 30 }, () => frameOf(header)))
    const found = frameAll(mp3Format, stream)
    expect(discardsOf(found)).toEqual([])
    expect(framesOf(found).every((frame) => frame.length === 417)).toBe(true)
  })

  it('is not led astray by a false chain through several payloads', () => {
    const stream = Array.from({ length: 30 }, (_, index) => {
      const frame = frameOf(Uint8Array.of(0x11))
      if (index < 5) frame.set(frame.subarray(0, 4), 100) // five headers, each where the one before leads to
      return frame
    })
    const found = frameAll(mp3Format, join(...stream).subarray(50)) // joined amid the first payload
    expect(discardsOf(found)).toEqual([{ discarded: 417 - 50, reason: 'sync' }])
    expect(framesOf(found).map(hex)).toEqual(stream.slice(1).map(hex))
  })

  it('is not led astray by smaller frames inside a payload', () => {
    const small = frameOf(Uint8Array.of(0), 1)
    const big = frameOf(Uint8Array.of(0x11), 10)
    big.set(join(small, small), 50) // two headers in a row prove nothing
    const stream = join(...Array.from({ length: 30 }, () => big))
    const found = frameAll(mp3Format, stream.subarray(20))
    expect(discardsOf(found)).toEqual([{ discarded: big.length - 20, reason: 'sync' }])
    expect(framesOf(found).map(hex)).toEqual(Array.from({ length: 29 }, () => hex(big)))
  })
})

describeWithTools(['ffmpeg', 'ffprobe'], 'MP3 framer and damage', () => {
  const vbr = encodeMp3('-q:a 4')
  const random = randomIntegers(5)
  const noise = (length: number) => Uint8Array.from({ length }, () => random(256))

  it('loses only the frame whose header is destroyed', () => {
    for (let round = 0; round < 60; round++) {
      const victim = 3 + random(cbrFrames.length - 6)
      const broken = join(noise(4), cbrFrames[victim].subarray(4))
      const found = frameAll(mp3Format, join(frames(0, victim), broken, frames(victim + 1)))
      expect(framesOf(found).map(hex)).toEqual(cbrFrames.filter((_, index) => index !== victim).map(hex))
      expect(discardsOf(found)).toEqual([{ discarded: broken.length, reason: 'sync' }])
    }
  })

  it('keeps both neighbours of a frame that is noise or zeros as a whole', () => {
    const source = framesOf(frameAll(mp3Format, vbr))
    for (const stream of [cbrFrames, source]) {
      let kept = 0
      for (let round = 0; round < 60; round++) {
        const victim = 3 + random(stream.length - 6)
        const length = stream[victim].length
        const broken = round % 2 ? noise(length) : new Uint8Array(length)
        const found = frameAll(mp3Format, join(...stream.slice(0, victim), broken, ...stream.slice(victim + 1)))
        expect(discardsOf(found).every(({ reason }) => reason === 'sync')).toBe(true)
        kept += framesOf(found).length
      }
      // in a variable rate a neighbour cannot always be told from a torn frame
      expect(kept).toBeGreaterThanOrEqual(60 * (stream.length - 1) - (stream === source ? 12 : 0))
    }
  })

  it('loses nothing to what is put between frames', () => {
    const fillings = [
      new Uint8Array(3000),
      join('<html><body>502 Bad Gateway</body></html>\r\n'),
      noise(5000),
      new Uint8Array(100_000).fill(0xff),
      join('LYRICSBEGIN', 'x'.repeat(300), 'LYRICS200'),
    ]
    for (const filling of fillings) {
      for (const at of [30, 77, 120]) {
        const found = frameAll(mp3Format, join(frames(0, at), filling, frames(at)), () => 4096)
        expect(framesOf(found).map(hex)).toEqual(cbrFrames.map(hex))
        expect(discardsOf(found)).toEqual([{ discarded: filling.length, reason: 'sync' }])
        expect(headersOf(found).length).toBe(1)
      }
    }
  })

  it('loses only the torn frames where bytes are missing', () => {
    const offsets = offsetsOf(cbrFrames)
    const known = new Set(cbrFrames.map(hex))
    let bogus = 0
    for (let round = 0; round < 100; round++) {
      const from = 1000 + random(cbr.length - 6000)
      const to = from + 1 + random(3000)
      const found = framesOf(frameAll(mp3Format, join(cbr.subarray(0, from), cbr.subarray(to)))).map(hex)
      const got = new Set(found)
      const untouched = cbrFrames.filter((_, index) => offsets[index + 1] <= from || offsets[index] >= to).map(hex)
      expect(untouched.filter((frame) => !got.has(frame)).length).toBeLessThanOrEqual(1)
      bogus += found.filter((frame) => !known.has(frame)).length
    }
    // two halves of one length make a frame that nobody can tell from a whole one
    expect(bogus).toBeLessThanOrEqual(6)
  })
})
