import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { wavHead } from '../../../../../tests/support/wav.js'
import type { PcmLayout } from '../../../src/model.js'
import { UniformSpan } from '../../../src/formats/frame-span.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { blockAlignBytes } from '../../../src/formats/wav/layout.js'
import { join, randomIntegers } from '../support/framing.js'
import { CONTEXT } from '../support/frame-bytes.js'
import { makePcm } from '../support/pcm.js'
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
} from '../support/reading.js'

const LAYOUTS: readonly (readonly [PcmLayout['sampleFormat'], number])[] = [
  ['s16', 2],
  ['s24', 1],
  ['s24', 6],
  ['s32', 2],
  ['f32', 1],
]

/** What our muxer makes of PCM. */
function muxed(sampleFormat: PcmLayout['sampleFormat'], channels: number, samples: number) {
  const header = new WavHeader({ layout: { sampleRateHz: 48000, channels, sampleFormat } })
  const blockAlign = blockAlignBytes(header.layout)
  const pcm = Uint8Array.from({ length: samples * blockAlign }, (_, index) => (index * 7) % 251)
  const muxer = wavFormat.createMuxer(header, CONTEXT)
  const growing = join(muxer.begin(), muxer.write(new UniformSpan(header, pcm, blockAlign, 1)))
  const { tail, patches } = muxer.end()
  const closed = join(growing, tail)
  for (const { offsetBytes, bytes } of patches) closed.set(bytes, offsetBytes)
  return { growing, closed, pcm, blockAlign }
}

/** A plain 16-bit mono file with these bytes of samples, sizes as told. */
function plain(size: number, audio: Uint8Array, ...behind: Uint8Array[]): Uint8Array {
  return join(wavHead({ dataBytes: size, riffBytes: 0xffffffff }), audio, ...behind)
}

const audio = makePcm('noise', 500, 1, 16)
const list = join('LIST\x0c\0\0\0INFOISFT\0\0\0\0')
const expectReadable = (bytes: Uint8Array, samples: number) =>
  expectSeekable(wavFormat, fileOf(bytes), { samples: someSamples(10, samples) })

describeWithTools(['sox', 'ffmpeg'], 'reading WAV files from any place', () => {
  it.each(LAYOUTS)('finds every sample of %s with %i channels, closed, growing and torn', (sampleFormat, channels) => {
    const { growing, closed, pcm, blockAlign } = muxed(sampleFormat, channels, 777)
    for (const file of [growing, closed]) {
      const { layout, all } = expectReadable(file, 777)
      expect(layout).toMatchObject({ samples: 777, hiddenSamples: 0, prerollFrames: 0, startedAt: CONTEXT.startedAt })
      expect(layout.framesEndByte - layout.framesStartByte).toBe(pcm.length)
      expect(all.map(({ bytes }) => bytes).join('')).toBe(Buffer.from(pcm).toString('latin1'))
    }
    const lost = 10 * blockAlign + 1
    const end = growing.length - pcm.length
    for (const file of [growing.subarray(0, growing.length - lost), closed.subarray(0, growing.length - lost)]) {
      const { layout } = expectReadable(file, 766)
      expect(layout).toMatchObject({ samples: 766, framesEndByte: end + 766 * blockAlign })
    }
  })

  it('believes sizes that can be true, and no others', () => {
    const cases: [string, Uint8Array, number][] = [
      ['true', plain(1000, audio), 500],
      ['true, a chunk behind', plain(1000, audio, list), 500],
      ['true, an odd size and its pad byte', plain(999, audio), 499],
      ['true, an odd size, pad byte, chunk', plain(999, audio.subarray(0, 999), Uint8Array.of(0), list), 499],
      ['none, for a live stream', plain(0, audio), 500],
      ['unknown, for a live stream', plain(0xffffffff, audio), 500],
      ['endless', plain(0x7ffff000, audio), 500],
      ['too small', plain(400, audio), 500],
    ]
    for (const [name, bytes, samples] of cases) {
      expect({ name, samples: expectReadable(bytes, samples).layout.samples }).toEqual({ name, samples })
    }
  })

  it('reads files of other writers', () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=f=440:r=44100', '-t', '0.05', '-f', 'wav']
    const ffmpeg = (...args: string[]) =>
      new Uint8Array(execFileSync('ffmpeg', ['-v', 'error', ...sound, ...args, '-']))
    const sox = ['-n', '-r', '44100', '-b', '24', '-c', '2', '-t', 'wav', '-', 'synth', '0.05', 'sine', '440']
    const files = [
      ffmpeg('-c:a', 'pcm_s16le'),
      ffmpeg('-c:a', 'pcm_f32le', '-rf64', 'always'),
      ffmpeg('-c:a', 'pcm_s24le', '-metadata', 'date=2026-11-22T17:00:00+01:00'),
      new Uint8Array(execFileSync('sox', sox, { stdio: 'pipe' })),
    ]
    const layouts = files.map((bytes) => expectReadable(bytes, 2205).layout)
    expect(layouts.map(({ samples }) => samples)).toEqual([2205, 2205, 2205, 2205])
    expect(layouts.map(({ startedAt }) => startedAt)).toEqual([
      undefined,
      undefined,
      Date.UTC(2026, 10, 22, 16),
      undefined,
    ])
  })

  it('reads on into a second file behind the first', () => {
    const second = muxed('s24', 1, 50).closed
    const { layout, all } = expectReadable(join(plain(1000, audio), second), 500)
    expect(layout.samples).toBe(500)
    expect(all.filter(({ own }) => !own).length).toBe(50)
  })

  it('survives any damage', () => {
    const { closed } = muxed('s16', 2, 3000)
    let readable = 0
    for (const broken of damaged(join(closed, list), 60)) {
      if (expectSane(wavFormat, broken, [0, 700, 2999])) readable++
    }
    expect(readable).toBeGreaterThan(30)
    expect(expectSane(wavFormat, plain(0, new Uint8Array(0)), [])).toBe(false)
    expect(expectSane(wavFormat, new Uint8Array(0), [])).toBe(false)
  })

  it('finds any sample of 200 GB without reading', () => {
    const { closed } = muxed('s16', 2, 100)
    const samples = 50e9
    const size = closed.length - 400
    const head = closed.slice(0, size)
    const view = new DataView(head.buffer)
    head.set(Buffer.from('RF64'))
    head.set(Buffer.from('ds64'), 12)
    view.setUint32(4, 0xffffffff, true)
    view.setBigUint64(20, BigInt(size - 8 + samples * 4), true)
    view.setBigUint64(28, BigInt(samples * 4), true)
    view.setBigUint64(36, BigInt(samples), true)
    view.setUint32(size - 4, 0xffffffff, true)
    const sizeBytes = size + samples * 4
    const byteAt = (at: number) => (at < size ? head[at] : Math.floor((at - size) / 4) % 256)
    const file = {
      sizeBytes,
      read: (from: number, to: number) =>
        Uint8Array.from({ length: Math.min(to, sizeBytes) - from }, (_, index) => byteAt(from + index)),
    }
    const { result: layout, ...cost } = answer(wavFormat.file.inspect(sizeBytes), file)
    expect(layout).toMatchObject({ samples, framesEndByte: sizeBytes })
    expect(cost.bytes).toBeLessThan(100_000)
    const random = randomIntegers(3)
    for (const sample of [0, samples - 1, ...Array.from({ length: 10 }, () => random(2 ** 31) * 20)]) {
      const { point, cost } = seekIn(wavFormat, layout!, file, sample)
      expect(point).toEqual({ byte: size + sample * 4, sample, frame: sample })
      expect(cost.bytes).toBe(0)
      expect(framesFrom(wavFormat, layout!, point, file, 1)[0].bytes.charCodeAt(0)).toBe(sample % 256)
    }
    expect(layoutOf(wavFormat, file).samples).toBe(samples)
  })
})
