import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { IsrError } from '../../../src/errors.js'
import type { MuxerContext } from '../../../src/formats/format.js'
import { parseFlacFrameHeader } from '../../../src/formats/flac/frame-header.js'
import { HeaderCapture } from '../../../src/formats/header-capture.js'
import { oggFormat } from '../../../src/formats/ogg/index.js'
import { parsePage } from '../../../src/formats/ogg/page.js'
import type { Fixture } from './support/fixtures.js'
import { createFolder, encode, makeWav, OGG_TOOLS, run } from './support/fixtures.js'
import { decode, expectPerfect } from './support/judges.js'
import { opusHeaderPages, opusPacket, packetsPage, pagesOf } from './support/pages.js'
import type { SplitFile, SplitOptions } from './support/split.js'
import { frame, packetsOf, split } from './support/split.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'

describeWithTools(OGG_TOOLS, 'Ogg muxer', () => {
  const folder = createFolder()
  afterAll(() => folder.remove())

  const SECONDS = 4
  const wav = makeWav(folder.file('a.wav'), { seconds: SECONDS })
  const mono = makeWav(folder.file('m.wav'), { seconds: SECONDS, rate: 44100, channels: 1 })
  const fixtures: (Fixture & { readonly name: string })[] = [
    { name: 'vorbis', ...encode(folder, 'vorbis', 'a.ogg', wav, '-q', '4', '-a', 'Band') },
    { name: 'mono vorbis', ...encode(folder, 'vorbis', 'm.ogg', mono, '-q', '8') },
    { name: 'opus', ...encode(folder, 'opus', 'a.opus', wav, '--bitrate', '128', '--artist', 'Band') },
    {
      name: 'opus in one-packet pages',
      ...encode(folder, 'opus', 'b.opus', wav, '--max-delay', '20', '--bitrate', '96'),
    },
    { name: 'flac', ...encode(folder, 'flac', 'a.oga', wav, '-T', 'ARTIST=Band') },
    { name: 'mono flac', ...encode(folder, 'flac', 'm.oga', mono, '-8', '-b', '1152') },
  ]
  const hex = (packets: readonly Uint8Array[]) => packets.map((packet) => Buffer.from(packet).toString('latin1'))
  const channelsOf = (file: SplitFile) => file.header.info.channels

  /** Writes the files of a split and judges each. */
  function store(fixture: Fixture, options: SplitOptions) {
    const files = split(frame(fixture.bytes, [1500]).spans, options)
    return files.map((file, index) => {
      const path = folder.file(`part${index}.${file.header.extension}`)
      writeFileSync(path, file.bytes)
      expectPerfect(path, fixture.codec)
      const pcm = decode(folder, path, fixture.codec)
      expect(pcm.length).toBe(file.counts.samples * channelsOf(file))
      return { ...file, path, pcm }
    })
  }

  function expectSamePcm(actual: readonly Int16Array[], whole: Int16Array, tolerance = 0): void {
    const joined = Int16Array.from(actual.flatMap((part) => [...part]))
    expect(joined.length).toBe(whole.length)
    let worst = 0
    for (let index = 0; index < whole.length; index++) worst = Math.max(worst, Math.abs(joined[index] - whole[index]))
    expect(worst).toBeLessThanOrEqual(tolerance)
  }

  /** Packets of the audio in a file, by a framer. */
  const audioOf = (bytes: Uint8Array) => packetsOf(frame(bytes).spans)

  /** Packets as files may hold them: of FLAC without the numbers in the frame headers and their checksums. */
  function payload(codec: string, packet: Uint8Array): Uint8Array {
    return codec === 'flac' ? packet.subarray(parseFlacFrameHeader(packet)!.headerBytes, -2) : packet
  }

  describe.each(fixtures)('$name', (fixture) => {
    const { codec, bytes } = fixture
    const whole = decode(folder, fixture.path, codec)
    const source = packetsOf(frame(bytes).spans)

    it('verbatim: each packet in one file, every checker silent, counts as decoded', () => {
      const files = store(fixture, { cuts: [0.7, 1.55, 1.65, 3.01] })
      expect(files).toHaveLength(5)
      const packets = files.flatMap((file) => audioOf(file.bytes))
      expect(hex(packets.map((packet) => payload(codec, packet)))).toEqual(
        hex(source.map((packet) => payload(codec, packet))),
      )
      for (const { counts, bytes: file } of files) {
        expect(counts).toMatchObject({ frames: audioOf(file).length, prerollFrames: 0, prerollSamples: 0 })
      }
      if (codec === 'flac')
        expectSamePcm(
          files.map((file) => file.pcm),
          whole,
        )
    })

    it('exact: the files decode to the whole, sample for sample', () => {
      const files = store(fixture, { cuts: [0.7, 1.55, 1.65, 3.01], join: 'exact', opusPrerollMs: 800 })
      expectSamePcm(
        files.map((file) => file.pcm),
        whole,
      )
      const packets = files.flatMap((file) => audioOf(file.bytes).slice(file.counts.prerollFrames))
      expect(hex(packets.map((packet) => payload(codec, packet)))).toEqual(
        hex(source.map((packet) => payload(codec, packet))),
      )
      expect(files[0].counts).toMatchObject({ prerollFrames: 0, prerollSamples: 0 })
      for (const { counts } of files.slice(1)) {
        expect(counts.prerollFrames).toBe({ vorbis: 1, opus: Math.min(40, counts.prerollFrames), flac: 0 }[codec])
        expect(counts.prerollSamples).toBe(codec === 'opus' ? counts.prerollFrames * 960 : 0)
      }
    })

    it('shows the right length to ffprobe', () => {
      for (const file of store(fixture, { cuts: [1.1, 2.2] })) {
        const probed = run('ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file.path)
        const hidden = codec === 'opus' ? 312 : 0
        expect(Number(probed)).toBeCloseTo((file.counts.samples + hidden) / file.header.info.sampleRateHz, 4)
      }
    })

    it('numbers pages from 0, counts positions from 0, ends with the last page', () => {
      for (const file of split(frame(bytes).spans, { cuts: [1.3, 2.6] })) {
        const pages = pagesOf(file.bytes).map((page) => parsePage(page)!)
        expect(pages.map((page) => page.sequence)).toEqual(pages.map((_, index) => index))
        expect(pages.map((page) => page.beginOfStream)).toEqual(pages.map((_, index) => index === 0))
        expect(pages.map((page) => page.endOfStream)).toEqual(pages.map((_, index) => index === pages.length - 1))
        expect(new Set(pages.map((page) => page.serial)).size).toBe(1)
        const ends = pages.map((page) => page.granule).filter((granule) => granule >= 0)
        expect(ends).toEqual([...ends].sort((a, b) => a - b))
        expect(ends.at(-1)).toBe(file.counts.samples + (codec === 'opus' ? 312 : 0))
      }
    })
  })

  describe('opus', () => {
    const opus = fixtures[2]
    const whole = decode(folder, opus.path, 'opus')

    it('with 400 ms of pre-roll stays within one bit', () => {
      const files = store(opus, { cuts: [1.2, 2.5], join: 'exact', opusPrerollMs: 400 })
      expectSamePcm(
        files.map((file) => file.pcm),
        whole,
        1,
      )
      expect(files.map((file) => file.counts.prerollFrames)).toEqual([0, 20, 20])
    })

    it('takes no more pre-roll than pre-skip can count', () => {
      const files = store(opus, { cuts: [2], join: 'exact', opusPrerollMs: 5000 })
      expect(files[1].counts.prerollSamples).toBe(65280)
      expectSamePcm(
        files.map((file) => file.pcm),
        whole,
      )
    })

    it('is exact where the cut lies amid the pre-skip', () => {
      const short = encode(folder, 'opus', 's.opus', wav, '--framesize', '2.5')
      const files = store(short, { cuts: [0.001], join: 'exact', opusPrerollMs: 800 })
      expect(files[0].counts.frames).toBeGreaterThan(1)
      expectSamePcm(
        files.map((file) => file.pcm),
        decode(folder, short.path, 'opus'),
      )
    })

    it('keeps what a stream joined under way gives to a decoder', () => {
      const pages = pagesOf(opus.bytes)
      const joined = new Uint8Array(Buffer.concat([...pages.slice(0, 2), ...pages.slice(3)]))
      const path = folder.file('joined.opus')
      writeFileSync(path, joined)
      const files = store({ ...opus, bytes: joined }, { cuts: [1.5], join: 'exact', opusPrerollMs: 800 })
      expect(files).toHaveLength(2)
      const parts = Int16Array.from(files.flatMap((file) => [...file.pcm]))
      // ffmpeg cuts the pre-skip off here, too
      const judge = run('ffmpeg', '-v', 'error', '-i', path, '-f', 's16le', '-')
      expect(parts.length).toBe(judge.length / 2)
    })
  })

  describe('exact joins at random cuts', () => {
    it.each([fixtures[0], fixtures[2], fixtures[4]])('$name', (fixture) => {
      const { spans } = frame(fixture.bytes)
      const whole = decode(folder, fixture.path, fixture.codec)
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: 0.05, max: SECONDS - 0.05, noNaN: true }), { minLength: 2, maxLength: 3 }),
          (cuts) => {
            const files = split(spans, { cuts: cuts.sort((a, b) => a - b), join: 'exact', opusPrerollMs: 800 })
            const parts = files.map((file, index) => {
              const path = folder.file(`r${index}.${file.header.extension}`)
              writeFileSync(path, file.bytes)
              return decode(folder, path, fixture.codec)
            })
            expectSamePcm(parts, whole)
          },
        ),
        { numRuns: 6 },
      )
    })
  })

  describe('a growing file', () => {
    it.each(fixtures)('$name: holds back less than 0.25 s between writes', (fixture) => {
      const { spans } = frame(fixture.bytes)
      const muxer = oggFormat.createMuxer(spans[0].header, context())
      const parts = [muxer.begin()]
      let worst = 0
      for (const span of spans) {
        parts.push(muxer.write(span))
        const onDisk = frame(Buffer.concat(parts)).spans
        const samples = onDisk.reduce((sum, one) => sum + one.samples, 0)
        worst = Math.max(worst, muxer.counts.samples - samples)
      }
      expect(worst / spans[0].header.info.sampleRateHz).toBeLessThan(0.25)
    })

    it('joins many small pages into few: little overhead', () => {
      const fixture = fixtures[3]
      const { spans } = frame(fixture.bytes)
      expect(spans.length).toBeGreaterThan(190)
      const [file] = split(spans, { cuts: [] })
      expect(pagesOf(file.bytes).length).toBeLessThan(80)
      expect(file.bytes.length).toBeLessThan(fixture.bytes.length)
    })
  })

  describe('tags', () => {
    it.each([fixtures[0], fixtures[2], fixtures[4]])('$name: the station’s, and when and whence', (fixture) => {
      const [file] = store(fixture, { cuts: [], title: 'Live' })
      const entries = 'format_tags:stream_tags'
      const probed = JSON.parse(
        run('ffprobe', '-v', 'error', '-show_entries', entries, '-of', 'json', file.path).toString(),
      )
      const tags = Object.fromEntries(
        Object.entries({ ...probed.format.tags, ...probed.streams[0].tags }).map(([key, value]) => [
          key.toLowerCase(),
          value,
        ]),
      )
      expect(tags).toMatchObject({
        artist: 'Band',
        title: 'Live',
        date: '2026-11-22T17:00:00.000+01:00',
        isr_start: '1795363200000000',
        isr_source: 'Test',
      })
    })
  })

  describe('large tags', () => {
    it.each(['vorbis', 'opus', 'flac'] as const)('%s: a comment of many pages is kept', (codec) => {
      const cover = `COVER=${'x'.repeat(100_000)}`
      const option = { vorbis: ['-c', cover], opus: ['--comment', cover], flac: ['-T', cover] }[codec]
      const extension = { vorbis: 'ogg', opus: 'opus', flac: 'oga' }[codec]
      const fixture = encode(folder, codec, `large.${extension}`, wav, ...option)
      const files = store(fixture, { cuts: [2], join: 'exact', opusPrerollMs: 800 })
      expect(files.map((file) => file.header.metadata.cover?.length)).toEqual([100_000, 100_000])
      expect(frame(files[1].bytes).spans[0].header.metadata.cover).toHaveLength(100_000)
      expectSamePcm(
        files.map((file) => file.pcm),
        decode(folder, fixture.path, codec),
      )
    })
  })

  describe('odd input', () => {
    const header = frame(fixtures[2].bytes).spans[0].header

    it.each(fixtures)('$name: a file without packets is a valid stream of no length', (fixture) => {
      const [first] = frame(fixture.bytes).spans
      const muxer = oggFormat.createMuxer(first.header, context({ join: 'exact', history: [first] }))
      const begin = muxer.begin()
      muxer.mark('Title')
      muxer.retime(1000)
      const { tail, patches } = muxer.end()
      expect(tail).toHaveLength(0)
      const file = Buffer.from(begin)
      for (const patch of patches) file.set(patch.bytes, patch.offsetBytes)
      expect(muxer.counts).toEqual({ frames: 0, samples: 0, prerollFrames: 0, prerollSamples: 0 })
      expect(frame(file)).toMatchObject({ spans: [], discards: { 'partial-frame': 0, foreign: 0 } })
      expect(parsePage(pagesOf(file).at(-1)!)).toMatchObject({ endOfStream: true })
      const path = folder.file(`empty.${first.header.extension}`)
      writeFileSync(path, file)
      expect(run('oggz-validate', path).toString()).toBe('')
    })

    it('files of one packet', () => {
      for (const fixture of fixtures) {
        const { spans } = frame(fixture.bytes)
        const muxer = oggFormat.createMuxer(spans[1].header, context())
        const parts = [muxer.begin(), muxer.write(spans[1].slice(0, 1))]
        const { tail, patches } = muxer.end()
        const file = Buffer.concat([...parts, tail])
        for (const patch of patches) file.set(patch.bytes, patch.offsetBytes)
        expect(audioOf(file)).toHaveLength(1)
        expect(parsePage(pagesOf(file).at(-1)!)).toMatchObject({ endOfStream: true })
      }
    })

    it('packets of more than a page', () => {
      const pages = [...opusHeaderPages(), packetsPage([opusPacket(1, 60_000)], { sequence: 2, granule: 960n })]
      const { spans } = frame(Buffer.concat(pages))
      const muxer = oggFormat.createMuxer(spans[0].header, context())
      const parts = [muxer.begin(), ...[1, 2, 3].map(() => muxer.write(spans[0]))]
      const file = Buffer.concat([...parts, muxer.end().tail])
      expect(hex(audioOf(file))).toEqual(hex([1, 2, 3].map(() => opusPacket(1, 60_000))))
    })

    it('refuses headers of another format', () => {
      const foreign = new HeaderCapture({ format: 'mp3', extension: 'mp3', info: header.info })
      expect(() => oggFormat.createMuxer(foreign, context())).toThrow(IsrError)
    })
  })

  function context(init: Partial<MuxerContext> = {}): MuxerContext {
    const fixed = { startedAt: 0, utcOffsetMinutes: 0, source: 's', serial: 7, opusPrerollMs: 400 }
    return { join: 'verbatim', history: [], ...fixed, ...init }
  }
})
