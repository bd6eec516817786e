import { describe, expect, it } from 'vitest'
import type { PcmLayout } from '../../../src/model.js'
import { UniformSpan } from '../../../src/formats/frame-span.js'
import { WavHeader } from '../../../src/formats/wav/header.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { buildChunk } from '../../../src/formats/wav/riff.js'
import { LiveWavPatcher } from '../../../src/live/patchers/live-wav-patcher.js'
import { drive } from '../support/growing.js'

const context = {
  join: 'exact',
  history: [],
  startedAt: Date.UTC(2026, 10, 22),
  utcOffsetMinutes: 0,
  source: 'studio',
  serial: 1,
  opusPrerollMs: 400,
} as const

function muxerOf(layout: PcmLayout) {
  const header = new WavHeader({ layout })
  return { header, muxer: wavFormat.createMuxer(header, context) }
}

describe('LiveWavPatcher', () => {
  it('writes the head that the muxer writes at the end', () => {
    const layouts: PcmLayout[] = [
      { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' },
      { sampleRateHz: 48000, channels: 6, sampleFormat: 's24' },
      { sampleRateHz: 44100, channels: 2, sampleFormat: 'f32' },
    ]
    for (const layout of layouts) {
      const { header, muxer } = muxerOf(layout)
      const begin = muxer.begin()
      const blockAlign = header.info.bitrateBps / 8 / layout.sampleRateHz
      const data = muxer.write(new UniformSpan(header, new Uint8Array(blockAlign * 100), blockAlign, 1))
      const wanted = begin.slice()
      for (const { bytes, offsetBytes } of muxer.end().patches) wanted.set(bytes, offsetBytes)
      const file = new Uint8Array(Buffer.concat([begin, data]))
      expect(drive(new LiveWavPatcher(), file, file.length).view).toEqual({
        head: wanted,
        endByte: file.length,
        samples: 100,
      })
      const { view } = drive(new LiveWavPatcher(), file, file.length - 1)
      expect(view).toMatchObject({ endByte: file.length - blockAlign, samples: 99 })
    }
  })

  it('is RF64 beyond 4 GiB, as the muxer makes it', () => {
    const layout: PcmLayout = { sampleRateHz: 48000, channels: 2, sampleFormat: 's16' }
    const { header, muxer } = muxerOf(layout)
    const begin = muxer.begin()
    const block = new Uint8Array(1 << 26)
    for (let count = 0; count < 65; count++) muxer.write(new UniformSpan(header, block, 4, 1))
    const wanted = begin.slice()
    for (const { bytes, offsetBytes } of muxer.end().patches) wanted.set(bytes, offsetBytes)
    const dataBytes = 65 * block.length
    const view = new LiveWavPatcher().patch(begin, new Uint8Array(0), begin.length + dataBytes + 3)
    expect(view).toEqual({ head: wanted, endByte: begin.length + dataBytes, samples: dataBytes / 4 })
  })

  it('leaves an even size: a growing file has no padding', () => {
    const { header, muxer } = muxerOf({ sampleRateHz: 8000, channels: 1, sampleFormat: 's24' })
    const begin = muxer.begin()
    const file = new Uint8Array(Buffer.concat([begin, muxer.write(new UniformSpan(header, new Uint8Array(21), 3, 1))]))
    expect(drive(new LiveWavPatcher(), file, file.length).view).toMatchObject({
      endByte: begin.length + 18,
      samples: 6,
    })
  })

  it('finds the samples behind long tags, and waits for the whole head', () => {
    const { muxer } = muxerOf({ sampleRateHz: 8000, channels: 1, sampleFormat: 's16' })
    const begin = muxer.begin()
    const tag = buildChunk('id3 ', new Uint8Array(9000))
    const file = new Uint8Array(Buffer.concat([begin.subarray(0, 12), tag, begin.subarray(12), new Uint8Array(10)]))
    const { view } = drive(new LiveWavPatcher(), file, file.length)
    expect(view).toMatchObject({ endByte: file.length, samples: 5, head: { length: file.length - 10 } })
    for (const size of [0, 11, 40, 4096, file.length - 11]) {
      expect(drive(new LiveWavPatcher(), file, size).view.endByte).toBe(0)
    }
    expect(drive(new LiveWavPatcher(), new Uint8Array(9000).fill(7), 9000).view.endByte).toBe(0)
  })
})
