import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/bytes/concat.js'
import { builtInFormats, formatNamed } from '../../../src/formats/registry.js'
import { findFrames } from '../../../src/testing/numbered/find-frames.js'
import { NUMBERED_FORMATS, numberedStream } from '../../../src/testing/numbered/open-numbered-stream.js'
import { CHECKER_TOOLS, checkFile } from '../../../../../tests/e2e/rig/checkers.js'
import { decodePcm } from '../../../../../tests/e2e/rig/probe.js'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { tempDir } from '../../../../../tests/e2e/rig/temp-dir.js'

const EXTENSIONS = { mp3: 'mp3', aac: 'aac', opus: 'opus', vorbis: 'ogg', 'ogg-flac': 'oga', flac: 'flac', wav: 'wav' }

describe.each(NUMBERED_FORMATS)('numbered %s', (format) => {
  const stream = numberedStream(format, 7)
  const bytesOf = (from: number, to: number) =>
    concatBytes([stream.head(), ...Array.from({ length: to - from }, (_, index) => stream.unit(from + index))])

  it('is recognised by its format alone', () => {
    const head = bytesOf(100, 140).subarray(0, 16_384)
    const [best] = builtInFormats.toSorted((a, b) => b.sniff(head) - a.sniff(head))
    const name = { opus: 'ogg', vorbis: 'ogg', 'ogg-flac': 'ogg' }[format as string] ?? format
    expect(best.name).toBe(name)
  })

  it('comes out of the framer frame by frame, and every frame tells its number', () => {
    const [from, to] = [5000, 5040]
    const frames: Uint8Array[] = []
    const discards: number[] = []
    const name = { opus: 'ogg', vorbis: 'ogg', 'ogg-flac': 'ogg' }[format as string] ?? format
    const framer = formatNamed(name)!.createFramer({
      onSpan(span) {
        if (format === 'wav') frames.push(span.bytes)
        else for (let frame = 0; frame < span.frames; frame++) frames.push(span.frame(frame))
      },
      onDiscard: (bytes) => discards.push(bytes),
    })
    framer.push(bytesOf(from, to))
    framer.flush()
    const joined = findFrames(concatBytes(frames), [stream])
    const first = from * stream.framesPerUnit
    expect(joined.map(({ number }) => number)).toEqual(
      Array.from({ length: (to - from) * stream.framesPerUnit }, (_, index) => first + index),
    )
    expect(joined.every(({ isWhole, station }) => isWhole && station === 7)).toBe(true)
    expect(discards).toEqual([])
    if (format !== 'wav') expect(frames.length).toBe(joined.length)
  })

  it('tells a damaged, cut or foreign frame from a whole one', () => {
    const bytes = bytesOf(0, 4)
    const all = findFrames(bytes, [stream])
    const broken = bytes.slice()
    broken[all[1].at + all[1].length - 3] ^= 1
    expect(findFrames(broken, [stream]).map(({ isWhole }) => isWhole)).toEqual(all.map((_, index) => index !== 1))
    const cut = findFrames(bytes.subarray(0, all[1].at + all[1].length - 1), [stream])
    expect(cut.map(({ isWhole }) => isWhole)).toEqual([true, false])
    expect(findFrames(bytes, [numberedStream(format, 8)]).every(({ isWhole }) => !isWhole)).toBe(true)
  })

  it('finds frames by time', () => {
    expect(stream.frameAt(0)).toBe(0)
    expect(stream.frameAt(1000 * stream.frameSeconds)).toBe(1000)
    expect(stream.frameAt(999.9 * stream.frameSeconds)).toBe(999)
  })
})

describeWithTools(CHECKER_TOOLS, 'numbered streams', () => {
  it.each(NUMBERED_FORMATS)('%s is a stream that every checker takes', async (format) => {
    const stream = numberedStream(format, 3)
    const folder = tempDir('isr-numbered-')
    const path = join(folder, `stream.${EXTENSIONS[format]}`)
    const units = Math.ceil(3 / stream.unitSeconds)
    const bytes = concatBytes([stream.head(), ...Array.from({ length: units }, (_, index) => stream.unit(index))])
    writeFileSync(path, bytes)
    // a live stream has no end mark, no total and no tags: the framing itself must be right
    const lines = (await checkFile(path)).flatMap(({ checker, lines }) => lines.map((line) => `${checker}: ${line}`))
    expect(lines.filter((line) => !UNFINISHED.some((usual) => usual.test(line)))).toEqual([])
    const samples = (await decodePcm(path)).length / 2
    expect(samples).toBeGreaterThanOrEqual((units * stream.framesPerUnit - 2) * stream.samplesPerFrame)
  })
})

/** What is said of a stream that has no end. */
const UNFINISHED = [
  /No supported tags in the file/,
  /^oggz-validate: .*(Error:|missing \*\*\* eos)$/,
  /EOS not set on stream/,
  /^flac: .*cannot check MD5 signature since it was unset/,
  /^metaflac: 0$/,
  /^ffmpeg: .*(Ignoring maximum wav data size|Packet corrupt|corrupt input packet)/,
  /^sox: .*Premature EOF/,
]
