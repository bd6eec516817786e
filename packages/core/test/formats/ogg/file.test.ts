import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import type { PacketSpan } from '../../../src/formats/ogg/packets/packet-span.js'
import { oggFormat } from '../../../src/formats/ogg/index.js'
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
import { createFolder, encode, makeWav, OGG_TOOLS, run, type Fixture } from './support/fixtures.js'
import { decode } from './support/judges.js'
import { buildPage, editPage, lacesOf, opusHeaderPages, opusPacket, packetsPage, pagesOf } from './support/pages.js'
import { frame, packetsOf, split } from './support/split.js'

const SECONDS = 8
/** Frames on a page at most: 1 s of Opus. */
const PAGE_FRAMES = 60
const expectReadable = (bytes: Uint8Array, slackFrames = PAGE_FRAMES) =>
  expectSeekable(oggFormat, fileOf(bytes), { samples: someSamples(25, SECONDS * 48000), slackFrames })

describeWithTools(OGG_TOOLS, 'reading Ogg files from any place', () => {
  const folder = createFolder()
  afterAll(() => folder.remove())

  const wav = makeWav(folder.file('sound.wav'), { seconds: SECONDS })
  const fixtures: Fixture[] = [
    encode(folder, 'vorbis', 'sound.ogg', wav, '-q', '4', '--serial', '11'),
    encode(folder, 'opus', 'sound.opus', wav, '--bitrate', '96', '--serial', '12'),
    encode(folder, 'flac', 'sound.oga', wav, '--serial-number', '13'),
  ]

  it('finds the frames of a full read in files of the encoders', () => {
    for (const { bytes, path, codec } of fixtures) {
      const { layout } = expectReadable(bytes)
      expect(layout.samples).toBe(decode(folder, path, codec).length / 2)
      expect(layout.framesEndByte).toBe(bytes.length)
      expect(layout.framesStartByte).toBe(startOfAudio(bytes))
      expect({ ...layout }).toMatchObject({ prerollFrames: 0, hiddenSamples: codec === 'opus' ? 312 : 0 })
      expect(layout.startedAt).toBeUndefined()
    }
  })

  it('finds them in our own files, and their hidden pre-roll', () => {
    for (const { bytes } of fixtures) {
      for (const join of ['exact', 'verbatim'] as const) {
        for (const file of split(frame(bytes, [3000]).spans, { cuts: [2.5, 5.1], join })) {
          const { layout, all } = expectReadable(file.bytes)
          const { prerollFrames, prerollSamples, samples, frames } = file.counts
          expect({ join, ...layout }).toMatchObject({ prerollFrames, samples, startedAt: Date.UTC(2026, 10, 22, 16) })
          expect(all.length).toBe(prerollFrames + frames)
          expect(all[prerollFrames].sample).toBe(0)
          if (prerollSamples > 0) {
            expect(layout.hiddenSamples).toBe(prerollSamples)
            expect(all[0].sample).toBe(-prerollSamples)
            expect(all[prerollFrames - 1].end).toBe(0)
          }
        }
      }
    }
  })

  it('reads on into the next link of a chain', () => {
    const [vorbis, opus, flac] = fixtures.map(({ bytes }) => bytes)
    for (const [first, second] of [
      [vorbis, opus],
      [opus, flac],
      [flac, vorbis],
    ]) {
      const { layout, all } = expectReadable(Buffer.concat([first, second]))
      expect(layout.samples).toBe(SECONDS * 48000)
      expect(layout.framesEndByte).toBe(first.length)
      expect(all.filter(({ own }) => !own).length).toBe(packetsOf(frame(second).spans).length)
      expect(all.at(-1)!.end).toBe(2 * SECONDS * 48000)
    }
  })

  it('passes over what is multiplexed with the audio', () => {
    const { bytes } = fixtures[0]
    const pages = pagesOf(bytes)
    const foreign = (sequence: number) => packetsPage([new Uint8Array(20_000).fill(sequence)], { serial: 99, sequence })
    const bos = packetsPage([Buffer.from('\x80theora')], { serial: 99, sequence: 0, bos: true })
    const mixed = [
      pages[0],
      bos,
      ...pages.slice(1).flatMap((page, index) => [page, foreign(2 * index + 1), foreign(2 * index + 2)]),
    ]
    const { layout } = expectReadable(Buffer.concat([...mixed, foreign(9999)]))
    expect(layout.samples).toBe(SECONDS * 48000)
  })

  it.each([3, 40, 255])('finds places where packets go on from page to page: %i laces a page', (lacesPerPage) => {
    for (const { bytes } of fixtures) {
      const { layout } = expectReadable(repaginate(bytes, lacesPerPage), 400)
      expect(layout.samples).toBe(SECONDS * 48000)
    }
  })

  it('finds places in Ogg FLAC by ffmpeg, in which every page begins amid a packet', () => {
    const path = folder.file('ffmpeg.oga')
    run('ffmpeg', '-v', 'error', '-i', wav, '-c:a', 'flac', '-f', 'ogg', path)
    const bytes = new Uint8Array(run('cat', path))
    expect(pagesOf(bytes).filter((page) => page[5] & 1).length).toBeGreaterThan(5)
    expect(expectReadable(bytes).layout.samples).toBe(SECONDS * 48000)
  })

  it('counts from the first page of a stream that was joined under way', () => {
    for (const { bytes, codec } of fixtures) {
      const pages = pagesOf(bytes)
      const headers = codec === 'flac' ? 3 : 2
      const { layout, all } = expectReadable(Buffer.concat([...pages.slice(0, headers), ...pages.slice(headers + 3)]))
      expect(layout.hiddenSamples).toBe(0)
      expect(layout.samples).toBe(all.at(-1)!.end)
      expect(all[0].sample).toBe(0)
    }
  })

  it('knows samples that positions hide at the start of Vorbis', () => {
    const { bytes } = fixtures[0]
    const pages = pagesOf(bytes).map((page, index) => {
      return index < 2 ? page : editPage(page, (copy) => copy.writeBigInt64LE(copy.readBigInt64LE(6) - 500n, 6))
    })
    const { layout } = expectReadable(Buffer.concat(pages))
    expect(layout).toMatchObject({ hiddenSamples: 500, samples: SECONDS * 48000 - 500 })
  })

  it('reads files of a single page, of a packet, and of headers alone', () => {
    const page = (packets: number, granule: bigint) =>
      packetsPage(
        Array.from({ length: packets }, (_, number) => opusPacket(number)),
        { sequence: 2, granule, eos: true },
      )
    const short = [...opusHeaderPages(), page(3, 2000n)]
    expect(expectReadable(Buffer.concat(short)).layout.samples).toBe(2000 - 312)
    expect(expectReadable(Buffer.concat([...opusHeaderPages(), page(1, 960n)])).layout.samples).toBe(960 - 312)
    const headers = fileOf(Buffer.concat(opusHeaderPages()))
    expect(answer(oggFormat.file.inspect(headers.sizeBytes), headers).result).toBeUndefined()
  })

  it('takes whole hidden packets for pre-roll, others for payload', () => {
    const pages = (preSkip: number) => [
      ...opusHeaderPages(1, { preSkip }),
      packetsPage(
        [0, 1, 2, 3].map((number) => opusPacket(number)),
        { sequence: 2, granule: 3840n },
      ),
    ]
    expect(expectReadable(Buffer.concat(pages(1920))).layout).toMatchObject({ prerollFrames: 2, samples: 1920 })
    const { layout, all } = expectReadable(Buffer.concat(pages(1000)))
    expect(layout).toMatchObject({ prerollFrames: 0, hiddenSamples: 1000, samples: 2840 })
    expect(all.map(({ sample }) => sample)).toEqual([0, 0, 920, 1880])
  })

  it('reads growing and torn files as far as they go', () => {
    const random = someSamples(30, 2 ** 30)
    for (const { bytes } of fixtures) {
      for (const [index, number] of random.entries()) {
        const torn = bytes.subarray(0, Math.floor(bytes.length / 3) + (number % Math.floor(bytes.length / 2)))
        const file = fileOf(torn)
        const layout = layoutOf(oggFormat, file)
        const whole = frame(torn).spans
        expect(layout.samples).toBe(whole.reduce((sum, { samples }) => sum + samples, 0))
        if (index < 5) expectReadable(torn)
      }
    }
  })

  it('survives any damage', () => {
    for (const { bytes } of fixtures) {
      let readable = 0
      for (const broken of damaged(bytes.subarray(0, 150_000), 40)) {
        if (expectSane(oggFormat, broken, [1000, 60_000, 200_000])) readable++
      }
      expect(readable).toBeGreaterThan(20)
    }
  })

  it('looks at little of a big file, also at the border of its first link', () => {
    const headers = opusHeaderPages(1)
    const pageOf = (serial: number, number: number) =>
      packetsPage(
        Array.from({ length: 50 }, (_, packet) => opusPacket(50 * number + packet, 400)),
        { serial, sequence: number + 2, granule: BigInt(48_000 * (number + 1)) },
      )
    const length = pageOf(1, 0).length
    const pages = 10_000
    const part = (index: number) => {
      if (index < 2) return headers[index]
      if (index < pages + 2) return pageOf(1, index - 2)
      return index < pages + 4 ? opusHeaderPages(2)[index - pages - 2] : pageOf(2, index - pages - 4)
    }
    for (const others of [0, 3000]) {
      const heads = [headers[0].length, headers[1].length]
      const own = [...heads, ...new Array<number>(pages).fill(length)]
      const lengths = others > 0 ? [...own, ...heads, ...new Array<number>(others).fill(length)] : own
      const file = virtualFile(lengths, part)
      expect(file.sizeBytes).toBeGreaterThan(200e6)
      const { result: layout, ...cost } = answer(oggFormat.file.inspect(file.sizeBytes), file)
      expect(layout?.samples).toBe(48_000 * pages - 312)
      expect(cost.bytes).toBeLessThan(1.5e6)
      for (const sample of someSamples(20, 48_000 * pages)) {
        const { point, cost } = seekIn(oggFormat, layout!, file, sample)
        expect(sample - point.sample).toBeGreaterThanOrEqual(0)
        expect(sample - point.sample).toBeLessThan(48_000)
        const [found] = framesFrom(oggFormat, layout!, point, file, 1)
        expect(found.bytes).toBe(Buffer.from(opusPacket((point.sample + 312) / 960, 400)).toString('latin1'))
        expect(cost.bytes).toBeLessThan(500_000)
      }
    }
  })
})

/** Where the page stands that follows the headers. */
function startOfAudio(bytes: Uint8Array): number {
  const pages = pagesOf(bytes)
  const first = pages.findIndex((page) => Buffer.from(page).readBigInt64LE(6) > 0n)
  return pages.slice(0, first).reduce((sum, { length }) => sum + length, 0)
}

/** The packets of a file on pages of so many laces, wherever packets end. Headers stay. */
function repaginate(bytes: Uint8Array, lacesPerPage: number): Uint8Array {
  const pages = pagesOf(bytes)
  const headers = pages.slice(
    0,
    pages.findIndex((page) => Buffer.from(page).readBigInt64LE(6) > 0n),
  )
  const serial = Buffer.from(pages[0]).readUInt32LE(14)
  const laces: { lace: number; granule: bigint }[] = []
  const packets: Uint8Array[] = []
  let granule = 0n
  for (const span of frame(bytes).spans as PacketSpan[]) {
    for (let index = 0; index < span.frames; index++) {
      const packet = span.frame(index)
      packets.push(packet)
      granule += BigInt(span.decodedOffset(index + 1) - span.decodedOffset(index))
      const values = lacesOf(packet.length)
      laces.push(...values.map((lace, at) => ({ lace, granule: at === values.length - 1 ? granule : -1n })))
    }
  }
  const last = Buffer.from(pages.at(-1)!).readBigInt64LE(6)
  const body = Buffer.concat(packets)
  const made: Uint8Array[] = [...headers]
  let at = 0
  for (let from = 0; from < laces.length; from += lacesPerPage) {
    const own = laces.slice(from, from + lacesPerPage)
    const length = own.reduce((sum, { lace }) => sum + lace, 0)
    const eos = from + lacesPerPage >= laces.length
    const end = own.findLast((each) => each.granule >= 0n)?.granule ?? -1n
    made.push(
      buildPage({
        laces: own.map(({ lace }) => lace),
        body: body.subarray(at, at + length),
        serial,
        sequence: made.length,
        granule: eos ? last : end,
        eos,
        continued: from > 0 && laces[from - 1].lace === 255,
      }),
    )
    at += length
  }
  return Buffer.concat(made)
}
