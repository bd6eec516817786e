import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { clip } from '../../../src/station/files/clip.js'
import { cut } from '../../../src/station/files/cut.js'
import { AUDIO_KINDS, audioKind, encodeKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'
import { apart, decodeFiles } from '../../support/decoded.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-clip-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What ffmpeg can decode as the reference: Opus by libopus, from which ffmpeg's own decoder is far. */
function judged(path: string): string {
  if (!path.endsWith('.opus')) return path
  execFileSync('opusdec', ['--quiet', '--no-dither', '--rate', '48000', path, `${path}.wav`])
  return `${path}.wav`
}

/** A file as a recorder makes it: cut out of a stream, hidden pre-roll and all. */
async function recordedFile(kind: AudioKind): Promise<string> {
  const stem = join(folder, kind.name.replaceAll(' ', '_'))
  writeFileSync(`${stem}-stream.${kind.extension}`, encodeKind(kind, 6))
  const input = `${stem}-stream.${kind.extension}`
  const output = `${stem}.${kind.extension}`
  return (await cut({ input, output, startSeconds: 1, endSeconds: Infinity })).output
}

describe.skipIf(missingTools([...ENCODER_TOOLS, 'opusdec']).length > 0)('a clip', () => {
  // FLAC of 16 bits, so that nothing has to be rounded
  const kinds = AUDIO_KINDS.filter(({ name }) => name !== 'AAC').map((kind) => {
    return { ...kind, encoder: kind.encoder.replace('-c:a flac', '-c:a flac -sample_fmt s16') }
  })
  for (const kind of kinds) {
    it(`is the samples of the file, exactly as many as asked for: ${kind.name}`, async () => {
      const input = await recordedFile(kind)
      const wholeSeconds = 5
      const ranges = [
        [0, 0.3],
        [0.0001, 0.02],
        [1.2345, 2.3456],
        [wholeSeconds - 0.05, wholeSeconds + 5],
      ]
      const clips = []
      for (const [startSeconds, endSeconds] of ranges) clips.push(await clip({ input, startSeconds, endSeconds }))
      const paths = clips.map(({ wav }, index) => {
        writeFileSync(`${input}-${index}.wav`, wav)
        return `${input}-${index}.wav`
      })
      const [whole, ...decoded] = decodeFiles([judged(input), ...paths])
      for (const [index, [startSeconds, endSeconds]] of ranges.entries()) {
        const from = Math.round(startSeconds * kind.rateHz)
        const to = Math.min(Math.round(endSeconds * kind.rateHz), whole.length / kind.channels)
        expect(to).toBeGreaterThan(from)
        expect(clips[index]).toMatchObject({ samples: to - from, sampleRateHz: kind.rateHz, channels: kind.channels })
        expect(clips[index].startSeconds).toBeCloseTo(startSeconds, 4)
        const { samples, steps } = apart(decoded[index], whole.subarray(from * kind.channels, to * kind.channels))
        expect(samples).toBe(0)
        // other arithmetic rounds otherwise, and Opus forgets slowly where it began
        const most = ['FLAC', 'Ogg FLAC', 'WAV'].includes(kind.name) ? 0 : kind.name === 'Opus' ? 2 : 1
        expect(steps).toBeLessThanOrEqual(most)
      }
    })
  }

  it('of AAC is refused: there is no decoder', async () => {
    const input = join(folder, 'stream.aac')
    writeFileSync(input, encodeKind(audioKind('AAC'), 2))
    await expect(clip({ input, startSeconds: 0, endSeconds: 1 })).rejects.toMatchObject({ code: 'ISR_DECODER_MISSING' })
  })

  it('longer than allowed, empty or beyond the end is refused', async () => {
    const input = join(folder, 'short.wav')
    writeFileSync(input, encodeKind(audioKind('WAV'), 2))
    const refusal = (startSeconds: number, endSeconds: number, maxSeconds?: number) => {
      return clip({ input, startSeconds, endSeconds, ...(maxSeconds !== undefined && { maxSeconds }) })
    }
    await expect(refusal(0, 601)).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
    await expect(refusal(0, 1.5, 1)).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
    await expect(refusal(1, 1)).rejects.toMatchObject({ code: 'ISR_ARGUMENT_INVALID' })
    await expect(refusal(3, 4)).rejects.toMatchObject({ code: 'ISR_SPAN_EMPTY' })
    expect((await refusal(0, 1.5, 1.5)).samples).toBe(1.5 * 44100)
  })
})
