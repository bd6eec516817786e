import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { openRecordedFile, type PlacedSpan } from '../../src/editing/file-frames.js'
import { builtInFormats } from '../../src/formats/registry.js'
import { FileAccess } from '../../src/storages/access/file-access.js'
import { MemoryAccess } from '../../src/storages/access/memory-access.js'
import type { RandomAccess } from '../../src/storages/access/random-access.js'
import { encodeAac, encodeAs, encodeMp3 } from '../formats/support/encoded.js'
import { splitInto } from '../formats/support/framing.js'
import { numberedFormat, numberedFrames } from '../support/numbered-format.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-frames-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Counts what is read. */
class CountingAccess implements RandomAccess {
  readonly sizeBytes: number
  readBytes = 0
  largestRead = 0

  constructor(readonly inner: RandomAccess) {
    this.sizeBytes = inner.sizeBytes
  }

  async read(startByte: number, endByte: number): Promise<Uint8Array> {
    const bytes = await this.inner.read(startByte, endByte)
    this.readBytes += bytes.length
    this.largestRead = Math.max(this.largestRead, bytes.length)
    return bytes
  }

  close(): Promise<void> {
    return this.inner.close()
  }
}

async function collect(spans: AsyncIterable<PlacedSpan>, most = Infinity): Promise<PlacedSpan[]> {
  const found: PlacedSpan[] = []
  for await (const span of spans) if (found.push(span) >= most) break
  return found
}

const open = (bytes: Uint8Array) => openRecordedFile(new MemoryAccess(bytes), builtInFormats)

describeWithTools(['ffmpeg'], 'a recorded file', () => {
  const files = {
    mp3: encodeMp3('-b:a 96k'),
    aac: encodeAac(),
    ogg: encodeAs('-c:a libvorbis -f ogg'),
    flac: encodeAs('-c:a flac -f flac'),
    wav: encodeAs('-c:a pcm_s16le -f wav'),
  }

  it('tells its format by content, also behind a long tag', async () => {
    const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\x07\x7f\x7f', 'latin1'), Buffer.alloc(131_071, 'x')])
    for (const [name, bytes] of Object.entries(files)) {
      expect((await open(bytes)).format.name).toBe(name)
      const tagged = await open(Buffer.concat([tag, bytes]))
      expect([tagged.format.name, tagged.layout.header.format]).toEqual([name, name])
    }
  })

  it('gives spans that follow each other, from the start and from any sample', async () => {
    for (const bytes of Object.values(files)) {
      const file = await open(bytes)
      const all = await collect(file.frames(-Infinity))
      const rate = file.layout.header.info.sampleRateHz
      expect(all[0].frame).toBe(0)
      for (const sample of [0, rate * 0.77, rate * 1.5]) {
        const found = await collect(file.frames(sample))
        expect(found[0].sample).toBeLessThanOrEqual(sample)
        for (const [index, { span, sample: at }] of found.slice(0, -1).entries()) {
          expect(found[index + 1].sample).toBe(at + span.samples)
        }
        const end = ({ span, sample: at }: PlacedSpan) => at + span.samples
        expect(end(found.at(-1)!)).toBe(end(all.at(-1)!))
        const payload = (spans: readonly PlacedSpan[]) => Buffer.concat(spans.map(({ span }) => span.bytes))
        const [whole, part] = [payload(all), payload(found)]
        expect(whole.subarray(whole.length - part.length).equals(part)).toBe(true)
      }
    }
  })

  it('counts frames, hidden pre-roll included, where that is known', async () => {
    const [, exact] = splitInto((await open(files.mp3)).format, files.mp3, { cuts: [30] })
    const file = await open(exact.bytes)
    const [first] = await collect(file.frames(-Infinity), 1)
    expect(first).toMatchObject({ frame: 0, sample: -2 * 1152 })
    const [placed] = await collect(file.frames(0), 1)
    expect(placed).toMatchObject({ frame: 2, sample: 0 })
  })

  it('tells of bytes that are in no frame', async () => {
    const bytes = Buffer.concat([files.mp3, Buffer.from('TAG'), Buffer.alloc(125)])
    const discards: [number, string][] = []
    const file = await open(bytes)
    await collect(file.frames(0, { onDiscard: (count, reason) => discards.push([count, reason]) }))
    expect(discards).toEqual([[128, 'tag']])
  })

  it('refuses what is no audio, and a sample that is no number', async () => {
    const texts = ['', 'hello', '<html>'.repeat(1000), '\0'.repeat(300_000)]
    for (const text of texts) {
      await expect(open(Buffer.from(text))).rejects.toMatchObject({ code: 'ISR_FORMAT_UNKNOWN' })
    }
    const file = await open(files.flac)
    await expect(collect(file.frames(NaN))).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
  })

  it('reads a file on disk in pieces, and only what is asked for', async () => {
    const path = join(folder, 'long.mp3')
    writeFileSync(path, Buffer.concat(new Array<Uint8Array>(200).fill(encodeMp3('-b:a 96k', { rateHz: 48000 }))))
    const access = new CountingAccess(await FileAccess.open(path))
    const file = await openRecordedFile(access, builtInFormats)
    const rate = file.layout.header.info.sampleRateHz
    expect(file.layout.samples! / rate).toBeGreaterThan(790)
    const from = 500 * rate
    let samples = 0
    for await (const { span, sample } of file.frames(from)) {
      samples = sample + span.samples - from
      if (samples > 60 * rate) break
    }
    expect(samples).toBeGreaterThan(60 * rate)
    expect(access.largestRead).toBeLessThanOrEqual(1 << 19)
    // a minute of 96 kb/s is 720 KB
    expect(access.readBytes).toBeLessThan(2_000_000)
    await access.close()
  })

  it('goes on into another logical stream of the same file', async () => {
    const file = await open(Buffer.concat([files.ogg, encodeAs('-c:a libopus -f ogg')]))
    const spans = await collect(file.frames(40_000))
    const codecs = [...new Set(spans.map(({ span }) => span.header.info.codec))]
    expect(codecs).toEqual(['vorbis', 'opus'])
    const next = spans.find(({ span }) => span.header !== file.layout.header)!
    expect(next.sample).toBe(file.layout.samples)
  })
})

it('works with a format of one’s own', async () => {
  const bytes = Buffer.concat([Buffer.from('HEAD\n'), numberedFrames(0, 50)])
  const file = await openRecordedFile(new MemoryAccess(bytes), [numberedFormat])
  const [{ span, sample, frame }] = await collect(file.frames(1234))
  expect({ sample, frame }).toEqual({ sample: 1200, frame: 12 })
  expect(Buffer.from(span.frame(0)).toString()).toContain('Fa0000012')
})
