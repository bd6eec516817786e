import { afterAll, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { createFolder, encodeMp3, encodeMp3File } from '../support/encoded.js'
import { frameAll, framesOf, join, randomIntegers, splitInto } from '../support/framing.js'
import { decodeByFfmpeg } from '../support/judges.js'
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

const expectReadable = (bytes: Uint8Array, samples = 44100 * 12) =>
  expectSeekable(mp3Format, fileOf(bytes), { samples: someSamples(20, samples) })

const isConstant = (layout: object) => 'constantRate' in layout

/** A frame of silence, 128 kb/s at 44.1 kHz, that carries a number where decoders do not look. */
function silence(number: number, padded: boolean, kbps: 128 | 96 = 128): Uint8Array {
  const frame = new Uint8Array((kbps === 128 ? 417 : 313) + (padded ? 1 : 0))
  frame.set([0xff, 0xfb, (kbps === 128 ? 0x90 : 0x70) | (padded ? 2 : 0), 0xc4])
  new DataView(frame.buffer).setUint32(frame.length - 4, number & 0x7f7f7f7f)
  return frame
}

/** Bytes before frame `number` where frames are padded evenly. */
const bytesBefore = (number: number) => Math.floor((number * 144 * 128_000) / 44100)
const isPadded = (number: number) => bytesBefore(number + 1) - bytesBefore(number) > 417

describeWithTools(['ffmpeg'], 'reading MP3 files from any place', () => {
  const folder = createFolder()
  afterAll(() => folder.remove())

  const cbr = encodeMp3('-b:a 128k', { seconds: 12 })

  it.each([
    ['-b:a 128k', 44100, 2],
    ['-b:a 320k', 44100, 2],
    ['-b:a 192k', 48000, 2],
    ['-b:a 64k', 44100, 1],
    ['-b:a 64k', 22050, 2],
    ['-b:a 16k', 8000, 1],
    ['-q:a 4', 44100, 2],
    ['-q:a 6', 24000, 2],
  ])('finds the frames of a full read: %s at %i Hz, %i channels', (args, rateHz, channels) => {
    const stream = encodeMp3(args, { seconds: 12, rateHz, channels })
    const { layout, all } = expectReadable(stream, 12 * rateHz)
    const constant = args.startsWith('-b')
    expect(layout.samples).toBe(constant ? all.at(-1)!.end : undefined)
    expect(isConstant(layout)).toBe(constant)
    for (const { bytes, growing, counts } of splitInto(mp3Format, stream, { cuts: [40, 110] })) {
      const made = expectReadable(bytes, 12 * rateHz)
      const { prerollFrames, prerollSamples: hiddenSamples, samples } = counts
      expect(made.layout).toMatchObject({ prerollFrames, hiddenSamples, samples, framesEndByte: bytes.length })
      expect(made.layout.startedAt).toBe(Date.UTC(2026, 10, 22, 16, 0, 0, 250))
      expect(isConstant(made.layout)).toBe(constant)
      expect(made.all[prerollFrames].sample).toBe(0)
      expect(made.all.length).toBe(prerollFrames + counts.frames)
      const open = expectReadable(growing, 12 * rateHz).layout
      expect(open).toMatchObject({ prerollFrames, hiddenSamples })
      expect(open.samples).toBe(constant ? samples : undefined)
    }
  })

  it('knows how long files of other encoders play, as decoders do', () => {
    for (const args of ['-b:a 128k', '-q:a 3', '-b:a 160k -id3v2_version 0', '-b:a 96k -write_id3v1 1']) {
      const path = folder.file('lame.mp3')
      const bytes = encodeMp3File(path, args)
      const { layout, all } = expectReadable(bytes, 2 * 44100)
      const [decoded] = decodeByFfmpeg([path])
      expect(layout).toMatchObject({ samples: decoded.length / 2, prerollFrames: 0, hiddenSamples: 1105 })
      expect(all[0].sample).toBe(-1105)
      // the end is trimmed too, so the last frame ends behind the last sample
      expect(all.at(-1)!.end - layout.samples!).toBeLessThan(1152)
    }
  })

  it('believes a VBRI frame whose size is that of the file', () => {
    const frames = Array.from({ length: 500 }, (_, number) => silence(number, false, number % 3 === 0 ? 96 : 128))
    const info = silence(0, false)
    const view = new DataView(info.buffer)
    info.set(Buffer.from('VBRI\0\x01'), 36)
    view.setUint32(46, join(info, ...frames).length)
    view.setUint32(50, frames.length)
    expect(expectReadable(join(info, ...frames)).layout).toMatchObject({ samples: 500 * 1152, hiddenSamples: 0 })
    expect(expectReadable(join(info, ...frames.slice(0, 400))).layout.samples).toBeUndefined()
  })

  it('does not mind tags behind the frames', () => {
    const ape = Buffer.alloc(32)
    ape.write('APETAGEX\xd0\x07\0\0', 'latin1')
    const { layout } = expectReadable(join(cbr, ape, 'TAG', new Uint8Array(125)))
    expect(layout.framesEndByte).toBe(cbr.length)
    expect(isConstant(layout)).toBe(true)
  })

  it('counts frames that an encoder never pads', () => {
    const stream = join(...Array.from({ length: 3000 }, (_, number) => silence(number, false)))
    const { layout } = expectReadable(stream, 3000 * 1152)
    expect(isConstant(layout)).toBe(true)
    expect(layout.samples).toBe(3000 * 1152)
  })

  it('does not calculate where frames are padded unevenly, change their rate, or hide an Info frame', () => {
    const random = randomIntegers(5)
    const count = 3000
    const make = (part: (number: number) => Uint8Array) => join(...Array.from({ length: count }, (_, n) => part(n)))
    const late = (number: number) => number > 400 && number < 1000
    const lame = encodeMp3File(folder.file('part.mp3'), '-b:a 128k -id3v2_version 0')
    const cases = {
      'padded by chance': make((number) => silence(number, random(2) === 0)),
      'not padded for a while': make((number) => silence(number, !late(number) && isPadded(number))),
      'another rate for a while': make((number) => silence(number, isPadded(number), late(number) ? 96 : 128)),
      'two files, each with its Info frame': join(...new Array<Uint8Array>(6).fill(lame)),
    }
    for (const [name, bytes] of Object.entries(cases)) {
      const { layout } = expectReadable(bytes, count * 1152)
      expect({ name, constant: isConstant(layout) }).toEqual({ name, constant: false })
      expect(layout.samples).toBeUndefined()
    }
  })

  it('calculates on where the stream lost frames, and where a station strung streams together', () => {
    const frames = framesOf(frameAll(mp3Format, cbr))
    const lossy = join(...frames.filter((_, index) => index % 100 < 97))
    const strung = join(...Array.from({ length: 30 }, (_, index) => join(...frames.slice(index, 100 + 2 * index))))
    for (const bytes of [lossy, strung]) expect(isConstant(expectReadable(bytes).layout)).toBe(true)
  })

  it('reads torn files as far as they go', () => {
    const [, file] = splitInto(mp3Format, cbr, { cuts: [100] })
    for (const lost of [1, 500, 50_000]) {
      const torn = file.bytes.subarray(0, file.bytes.length - lost)
      const { layout, all } = expectReadable(torn)
      expect(layout).toMatchObject({ prerollFrames: 2, samples: all.at(-1)!.end })
      expect(torn.length - layout.framesEndByte).toBeLessThan(418)
    }
    const [, vbr] = splitInto(mp3Format, encodeMp3('-q:a 4', { seconds: 6 }), { cuts: [100] })
    const torn = vbr.bytes.subarray(0, vbr.bytes.length - 20_000)
    expect(expectReadable(torn).layout.samples).toBeUndefined()
  })

  it('survives any damage', () => {
    const vbr = encodeMp3('-q:a 4', { seconds: 4 })
    const [, exact] = splitInto(mp3Format, cbr, { cuts: [100] })
    for (const bytes of [vbr, exact.bytes]) {
      let readable = 0
      for (const broken of damaged(bytes, 40)) {
        if (expectSane(mp3Format, broken, [1000, 60_000, 200_000])) readable++
      }
      expect(readable).toBeGreaterThan(30)
    }
    expect(expectSane(mp3Format, new Uint8Array(0), [])).toBe(false)
  })

  it('looks at little of a big file of one rate', () => {
    const count = 500_000
    const lengths = Array.from({ length: count }, (_, number) => (isPadded(number) ? 418 : 417))
    const file = virtualFile(lengths, (number) => silence(number, isPadded(number)))
    expect(file.sizeBytes).toBeGreaterThan(200e6)
    const { result: layout, ...cost } = answer(mp3Format.file.inspect(file.sizeBytes), file)
    expect(layout?.samples).toBe(count * 1152)
    expect(cost.bytes).toBeLessThan(600_000)
    for (const sample of [...someSamples(15, count * 1152), count * 1152 - 1]) {
      const { point, cost } = seekIn(mp3Format, layout!, file, sample)
      const number = Math.floor(sample / 1152)
      expect(point).toEqual({ byte: bytesBefore(number), sample: number * 1152, frame: number })
      const [found] = framesFrom(mp3Format, layout!, point, file, 1)
      expect(found.bytes).toBe(Buffer.from(silence(number, isPadded(number))).toString('latin1'))
      expect(cost.bytes).toBeLessThan(70_000)
    }
    expect(layoutOf(mp3Format, file).framesEndByte).toBe(file.sizeBytes)
  })
})
