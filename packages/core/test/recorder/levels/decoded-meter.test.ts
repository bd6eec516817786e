import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { overallRms } from '../../../src/analysis/levels/levels.js'
import type { OpenDecoder } from '../../../src/decoders/decoder.js'
import { openWasmDecoder } from '../../../src/decoders/open-decoder.js'
import { IsrError } from '../../../src/errors.js'
import type { FrameSpan } from '../../../src/formats/frame-span.js'
import { decodedMeters } from '../../../src/recorder/levels/decoded-meter.js'
import type { SpanMeter } from '../../../src/recorder/levels/span-meter.js'
import { numpyLevels } from '../../analysis/support/numpy-levels.js'
import { audioKind, encodeKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'

/** Frames of a stream as they come, a few kilobytes at a time. */
function spansOf(kind: AudioKind, bytes: Uint8Array): FrameSpan[] {
  const spans: FrameSpan[] = []
  const framer = kind.format.createFramer({ onSpan: (span) => spans.push(span), onDiscard: () => {} })
  for (let at = 0; at < bytes.length; at += 4096) framer.push(bytes.subarray(at, at + 4096))
  framer.flush()
  return spans
}

function metersFor(kind: AudioKind, openDecoder: OpenDecoder = openWasmDecoder) {
  return decodedMeters({ openDecoder, historySeconds: () => kind.format.historySeconds })
}

/** The spans of one file through a meter: RMS of its windows. */
function measured(open: ReturnType<typeof decodedMeters>, spans: readonly FrameSpan[]) {
  const rms: number[] = []
  const meter = open(spans[0].header, (block) => rms.push(...overallRms(block))) as SpanMeter
  for (const span of spans) meter.write(span)
  return { meter, rms }
}

describeWithTools([...ENCODER_TOOLS, 'python3'], 'decodedMeters', () => {
  it.each(['MP3 CBR', 'MP3 mono', 'Vorbis', 'Opus', 'Ogg FLAC', 'FLAC'].map(audioKind))(
    'measures $name beside the recording, over a split',
    async (kind) => {
      const bytes = encodeKind(kind, 6)
      const spans = spansOf(kind, bytes)
      const half = spans.length >> 1
      const open = metersFor(kind)
      const files = [measured(open, spans.slice(0, half)), measured(open, spans.slice(half))]
      await Promise.all(files.map(({ meter }) => meter.end()))
      const { rateHz, channels } = kind
      const whole = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', 'pipe:0', '-f', 'f32le', 'pipe:1'], {
        input: bytes,
        maxBuffer: 1 << 28,
      })
      const samples = spans.slice(0, half).reduce((sum, span) => sum + span.samples, 0)
      const cut = samples * channels * 4
      const parts = [whole.subarray(0, cut), whole.subarray(cut)]
      const oracles = numpyLevels(parts.map((part) => ({ format: 'f32', rate: rateHz, channels, bytes: part })))
      expect(files[0].meter.samples).toBe(samples)
      for (const [index, { rms, meter }] of files.entries()) {
        expect(meter.samples).toBe(parts[index].length / channels / 4)
        const expected = oracles[index].rms
        expect(rms.length * channels).toBe(expected.length)
        for (const [window, level] of rms.entries()) {
          const each = expected.slice(window * channels, (window + 1) * channels)
          const power = each.reduce((sum, value) => sum + value * value, 0) / channels
          expect(Math.abs(level - Math.sqrt(power)), `${kind.name}, file ${index}, window ${window}`).toBeLessThan(1e-4)
        }
      }
    },
  )

  it('leaves AAC and PCM to others', () => {
    for (const name of ['AAC', 'WAV']) {
      const kind = audioKind(name)
      const [{ header }] = spansOf(kind, encodeKind(kind, 1))
      expect(metersFor(kind)(header, () => {})).toBeUndefined()
    }
  })
})

describe('a meter that cannot keep up', () => {
  const kind = audioKind('MP3 CBR')

  it('breaks off, bounded, and says why at its end', async () => {
    const spans = spansOf(kind, encodeKind(kind, 2))
    const slow: OpenDecoder = () =>
      Promise.resolve({
        decode: () => new Promise((resolve) => setTimeout(() => resolve([]), 20)),
        close: () => {},
      })
    const { meter } = measured(metersFor(kind, slow), spans)
    const bytes = spans.reduce((sum, span) => sum + span.bytes.length, 0)
    for (let written = bytes; written < 9 << 20; written += bytes) for (const span of spans) meter.write(span)
    meter.write(spans[0])
    await expect(meter.end()).rejects.toThrow('MP3 comes faster than it is decoded')
  })

  it('tells of a decoder that is missing', async () => {
    const missing: OpenDecoder = () => Promise.reject(new IsrError('ISR_DECODER_MISSING', 'npm install it'))
    const { meter, rms } = measured(metersFor(kind, missing), spansOf(kind, encodeKind(kind, 1)))
    await expect(meter.end()).rejects.toMatchObject({ code: 'ISR_DECODER_MISSING' })
    expect(rms).toEqual([])
  })
})
