import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import type { Fixture } from './support/fixtures.js'
import { createFolder, encode, makeWav, OGG_TOOLS } from './support/fixtures.js'
import {
  buildPage,
  editPage,
  lacesOf,
  opusHeaderPages,
  opusPacket,
  packetsPage,
  pageOffsets,
  pagesOf,
} from './support/pages.js'
import { frame, packetsOf, split } from './support/split.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'

describeWithTools(OGG_TOOLS, 'Ogg framer', () => {
  const folder = createFolder()
  afterAll(() => folder.remove())

  const wav = makeWav(folder.file('a.wav'), { seconds: 3 })
  const fixtures: Fixture[] = [
    encode(folder, 'vorbis', 'a.ogg', wav, '-q', '4', '-t', 'Song', '-a', 'Band'),
    encode(folder, 'opus', 'a.opus', wav, '--bitrate', '96', '--title', 'Song', '--artist', 'Band'),
    encode(folder, 'flac', 'a.oga', wav, '-T', 'TITLE=Song', '-T', 'ARTIST=Band'),
  ]
  const byCodec = Object.fromEntries(fixtures.map((fixture) => [fixture.codec, fixture.bytes]))
  const join = (...parts: (Uint8Array | Uint8Array[])[]) => new Uint8Array(Buffer.concat(parts.flat()))
  const samplesOf = (spans: readonly FrameSpan[]) => spans.reduce((sum, span) => sum + span.samples, 0)
  const headersOf = (spans: readonly FrameSpan[]) => [...new Set(spans.map((span) => span.header))]

  /** What a consumer can see, without how the frames lie in spans. */
  function facts(bytes: Uint8Array, sizes?: readonly number[]) {
    const { spans, discards } = frame(bytes, sizes)
    const headers = headersOf(spans)
    const frames = spans.flatMap((span) =>
      Array.from({ length: span.frames }, (_, index) => [
        headers.indexOf(span.header),
        Buffer.from(span.frame(index)).toString('latin1'),
        span.sampleOffset(index + 1) - span.sampleOffset(index),
      ]),
    )
    return { frames, discards, overhead: spans.reduce((sum, span) => sum + span.overheadBytes, 0) }
  }

  describe.each(fixtures)('a whole $codec file', ({ codec, bytes }) => {
    it('gives every packet, the right length and the tags', () => {
      const { spans, discards } = frame(bytes)
      expect(samplesOf(spans)).toBe(3 * 48000)
      expect(Object.values(discards)).toEqual([0, 0, 0])
      const [header, ...others] = headersOf(spans)
      expect(others).toEqual([])
      expect(header).toMatchObject({ format: 'ogg', extension: { vorbis: 'ogg', opus: 'opus', flac: 'oga' }[codec] })
      expect(header.info).toMatchObject({ codec, sampleRateHz: 48000, channels: 2 })
      expect(header.metadata).toMatchObject({ title: 'Song', artist: 'Band' })
      expect(header.packets.length).toBe({ vorbis: 3, opus: 2, flac: 4 }[codec])
    })

    it('gives the same frames whatever the chunks', () => {
      const whole = facts(bytes)
      for (const sizes of [[1], [1000], [7, 4096, 1, 65536, 33]]) expect(facts(bytes, sizes)).toEqual(whole)
    })

    it('slices spans without losing a sample, a byte or a hidden part', () => {
      const { spans } = frame(bytes)
      for (const span of [spans[0], spans[spans.length - 1]]) {
        for (let cut = 1; cut < span.frames; cut++) {
          const [left, right] = [span.slice(0, cut), span.slice(cut, span.frames)]
          expect(left.samples).toBe(span.sampleOffset(cut))
          expect(left.samples + right.samples).toBe(span.samples)
          expect(left.bytes.length + right.bytes.length).toBe(span.bytes.length)
          expect(left.overheadBytes).toBe(span.overheadBytes)
          expect(right.overheadBytes).toBe(0)
          expect(right.frame(0)).toEqual(span.frame(cut))
        }
      }
    })

    it('survives any damage, and loses only the pages it touches', () => {
      const offsets = pageOffsets(bytes)
      const whole = facts(bytes)
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 6 }),
          fc.integer({ min: 1, max: 5000 }),
          (hits, size) => {
            const damaged = bytes.slice()
            for (const [offset, flip] of hits) damaged[offset] ^= flip
            const result = facts(damaged, [size])
            const touched = offsets.filter((start, index) =>
              hits.some(([offset]) => offset >= start && offset < (offsets[index + 1] ?? bytes.length)),
            )
            const headersTouched = touched.some((start) => start < offsets[2])
            const left = new Set(result.frames.map(([, packet]) => packet))
            const lost = whole.frames.filter(([, packet]) => !left.has(packet)).length
            // a page holds 255 packets at most; a packet that goes on over a lost page is lost too
            if (!headersTouched) expect(lost).toBeLessThanOrEqual(touched.length * 60)
            if (touched.length === 0) expect(result).toEqual(whole)
          },
        ),
        { numRuns: 25 },
      )
    })

    it('leaves the received bytes as they are, also in a Buffer', () => {
      const received = Buffer.from(bytes)
      const { spans } = frame(received)
      split(spans, { cuts: [1, 2], join: 'exact' })
      expect(Buffer.compare(received, bytes)).toBe(0)
      expect(spans[0].header.packets).toEqual(frame(bytes).spans[0].header.packets)
    })

    it('survives a start and an end at any byte', () => {
      fc.assert(
        fc.property(fc.nat(bytes.length), fc.nat(bytes.length), fc.integer({ min: 1, max: 9000 }), (from, to, size) => {
          const part = bytes.subarray(Math.min(from, to), Math.max(from, to))
          const { spans } = frame(part, [size])
          // without its headers no stream can be decoded
          if (Math.min(from, to) > 0) expect(spans).toEqual([])
        }),
        { numRuns: 60 },
      )
    })
  })

  describe('noise', () => {
    it('never gives a frame, throws or hangs', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 500 }), (bytes, size) => {
          expect(frame(bytes, [size]).spans).toEqual([])
        }),
        { numRuns: 100 },
      )
    })
  })

  describe('chains', () => {
    it('opens a new stream at each link, whatever the codec', () => {
      const { spans, discards } = frame(join(byCodec.vorbis, byCodec.opus, byCodec.flac, byCodec.vorbis), [3000])
      const headers = headersOf(spans)
      expect(headers.map((header) => header.extension)).toEqual(['ogg', 'opus', 'oga', 'ogg'])
      for (const header of headers) {
        expect(samplesOf(spans.filter((span) => span.header === header))).toBe(3 * 48000)
      }
      expect(Object.values(discards)).toEqual([0, 0, 0])
    })

    it('takes repeated headers for a new link, even with the same serial and no end before', () => {
      const pages = pagesOf(byCodec.opus)
      const { spans } = frame(join(pages.slice(0, 4), pages))
      expect(headersOf(spans)).toHaveLength(2)
      expect(samplesOf(spans.filter((span) => span.header === spans.at(-1)!.header))).toBe(3 * 48000)
    })

    it('counts headers without audio as discarded', () => {
      const headers = opusHeaderPages()
      const { spans, discards } = frame(
        join(headers, headers, packetsPage([opusPacket(1)], { sequence: 2, granule: 960n })),
      )
      expect(spans).toHaveLength(1)
      expect(discards.sync).toBe(join(headers).length)
    })
  })

  describe('a stream joined under way', () => {
    const pages = pagesOf(byCodec.opus)
    it('counts from the first packet it got, and hides nothing', () => {
      const { spans } = frame(join(pages.slice(0, 2), pages.slice(3)))
      expect(spans[0].header).toMatchObject({ hiddenSamples: 0 })
      expect(spans[0].sampleOffset(1)).toBe(960)
      const lost = frame(join(pages.slice(0, 3))).spans
      expect(samplesOf(spans) + samplesOf(lost)).toBe(3 * 48000)
    })

    it('drops the rest of a packet that began before', () => {
      const half = buildPage({
        laces: [100, ...lacesOf(40)],
        body: join(Buffer.alloc(100, 7), opusPacket(1)),
        continued: true,
        sequence: 500,
        granule: 96000n,
      })
      const { spans, discards } = frame(join(opusHeaderPages(), half))
      expect(packetsOf(spans)).toEqual([opusPacket(1)])
      expect(discards['partial-frame']).toBe(100)
    })

    it('gives nothing for the first packet of Vorbis', () => {
      const vorbis = pagesOf(byCodec.vorbis)
      const { spans } = frame(join(vorbis.slice(0, 2), vorbis.slice(4)))
      expect(spans[0].sampleOffset(1)).toBe(0)
      expect(spans[0].sampleOffset(2)).toBeGreaterThan(0)
    })

    it('cannot use pages without headers', () => {
      const { spans, discards } = frame(join(pages.slice(3)))
      expect(spans).toEqual([])
      expect(discards.sync).toBe(join(pages.slice(3)).length)
    })
  })

  describe('granule positions', () => {
    const packets = Array.from({ length: 8 }, (_, index) => opusPacket(index))
    const audio = (from: number, to: number, sequence: number, granule: bigint, eos = false) =>
      packetsPage(packets.slice(from, to), { sequence, granule, eos })

    it('hides the pre-skip, be it longer than a packet', () => {
      const { spans } = frame(join(opusHeaderPages(1, { preSkip: 2000 }), audio(0, 1, 2, 960n), audio(1, 8, 3, 7680n)))
      expect(spans[0].samples).toBe(0)
      expect([0, 1, 2, 3, 7].map((index) => spans[1].sampleOffset(index))).toEqual([0, 0, 880, 1840, 5680])
    })

    it('cuts the end off where the last page says so', () => {
      const { spans } = frame(join(opusHeaderPages(), audio(0, 4, 2, 3840n), audio(4, 8, 3, 7000n, true)))
      expect(samplesOf(spans)).toBe(7000 - 312)
      expect(spans[1].sampleOffset(3)).toBe(3 * 960)
    })

    it('cuts the end off a stream of one page', () => {
      const { spans } = frame(join(opusHeaderPages(), audio(0, 8, 2, 7000n, true)))
      expect(samplesOf(spans)).toBe(7000 - 312)
    })

    it('ignores an end that lies before its own page', () => {
      const { spans } = frame(join(opusHeaderPages(), audio(0, 4, 2, 3840n), audio(4, 8, 3, 100n, true)))
      expect(samplesOf(spans)).toBe(7680 - 312)
    })

    it('counts packets, not positions, over lost pages; the end stays right', () => {
      const { spans } = frame(
        join(opusHeaderPages(), audio(0, 2, 2, 1920n), audio(4, 6, 4, 5760n), audio(6, 8, 5, 7000n, true)),
      )
      expect(samplesOf(spans)).toBe(6 * 960 - 312 - (7680 - 7000))
    })

    it('reads a packet over many pages whose positions are -1', () => {
      const huge = opusPacket(1, 140_000)
      const laces = lacesOf(huge.length)
      const pages: Uint8Array[] = []
      for (let index = 0; index < laces.length; index += 255) {
        const part = laces.slice(index, index + 255)
        const ends = index + 255 >= laces.length
        const body = huge.subarray(index * 255, Math.min(huge.length, (index + 255) * 255))
        pages.push(
          buildPage({
            laces: part,
            body,
            sequence: 2 + pages.length,
            continued: index > 0,
            granule: ends ? 960n : -1n,
          }),
        )
      }
      expect(pages.length).toBe(3)
      const { spans } = frame(join(opusHeaderPages(), pages), [999])
      expect(packetsOf(spans)).toEqual([huge])
      expect(spans[0].overheadBytes).toBe(join(opusHeaderPages(), pages).length - huge.length)
      const torn = frame(join(opusHeaderPages(), pages[0], pages[2]))
      expect(torn.spans).toEqual([])
      expect(torn.discards['partial-frame']).toBe(140_000 - 65_025)
    })
  })

  describe('what is no audio packet', () => {
    it('is discarded: zero-length packets, packets that the codec forbids', () => {
      const broken = Uint8Array.of(31 * 8 + 3, 0, 1, 2)
      const page = packetsPage([opusPacket(1), new Uint8Array(0), broken, opusPacket(2)], {
        sequence: 2,
        granule: 1920n,
      })
      const { spans, discards } = frame(join(opusHeaderPages(), page))
      expect(packetsOf(spans)).toEqual([opusPacket(1), opusPacket(2)])
      expect(discards.sync).toBe(broken.length)
    })

    it('is discarded at the end of a stream: a last page without packets, a packet cut short', () => {
      const whole = packetsPage([opusPacket(1)], { sequence: 2, granule: 960n })
      const last = buildPage({ laces: [], body: new Uint8Array(0), sequence: 3, granule: 960n, eos: true })
      expect(frame(join(opusHeaderPages(), whole, last)).discards).toEqual({ sync: 27, 'partial-frame': 0, foreign: 0 })
      const torn = buildPage({ laces: [255], body: Buffer.alloc(255, 1), sequence: 3, granule: -1n })
      expect(frame(join(opusHeaderPages(), whole, torn)).discards).toEqual({
        sync: 0,
        'partial-frame': torn.length,
        foreign: 0,
      })
    })

    it('a stream whose headers do not suffice is discarded until the next', () => {
      const pages = pagesOf(byCodec.vorbis)
      const { spans, discards } = frame(join(pages[0], pages.slice(2), byCodec.opus))
      expect(headersOf(spans).map((header) => header.extension)).toEqual(['opus'])
      expect(discards.sync).toBe(join(pages[0], pages.slice(2)).length)
    })
  })

  describe('multiplexed streams', () => {
    const theora = (sequence: number) =>
      packetsPage([new Uint8Array(Buffer.alloc(500, 0x80))], { serial: 77, sequence, bos: sequence === 0 })
    const audio = pagesOf(byCodec.vorbis)

    it.each([
      ['before', (): Uint8Array[] => [theora(0), audio[0], audio[1], theora(1)]],
      ['after', (): Uint8Array[] => [audio[0], theora(0), theora(1), audio[1]]],
    ])('keeps the audio when the video is opened %s it', (_, heads) => {
      const rest = audio.slice(2).flatMap((page, index) => [page, theora(2 + index)])
      const { spans, discards } = frame(join(heads(), rest), [2000])
      expect(headersOf(spans)).toHaveLength(1)
      expect(samplesOf(spans)).toBe(3 * 48000)
      expect(discards).toMatchObject({ sync: 0, foreign: theora(0).length * audio.length })
    })

    it('keeps the first of two audio tracks, and both links of a chain of multiplexes', () => {
      const second = audio.map((page) => editPage(page, (copy) => copy.writeUInt32LE(99, 14)))
      const link = [
        theora(0),
        audio[0],
        second[0],
        ...audio.slice(1).flatMap((page, index) => [page, second[index + 1]]),
      ]
      const { spans, discards } = frame(join(link, link))
      expect(headersOf(spans)).toHaveLength(2)
      expect(samplesOf(spans)).toBe(2 * 3 * 48000)
      expect(discards.foreign).toBe(2 * (theora(0).length + join(second).length))
    })

    it('gives no frame when no codec is known', () => {
      const bytes = join(theora(0), theora(1), theora(2))
      expect(frame(bytes)).toMatchObject({ spans: [], discards: { foreign: bytes.length, sync: 0 } })
    })
  })
})
