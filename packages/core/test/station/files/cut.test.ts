import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkFiles, CHECKER_TOOLS } from '../../../../../tests/e2e/rig/checkers.js'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { cut } from '../../../src/station/files/cut.js'
import { AUDIO_KINDS, audioKind, encodeKind, ENCODER_TOOLS, type AudioKind } from '../../support/audio-kinds.js'
import { apart, decodeFiles, joined } from '../../support/decoded.js'

const folder = mkdtempSync(join(tmpdir(), 'isr-cut-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The same numbers on every run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const exactKinds = AUDIO_KINDS.filter(({ name }) => name !== 'AAC')
const missing = missingTools([...ENCODER_TOOLS, ...CHECKER_TOOLS])

/** What mp3val thinks of a few frames. */
const SHORT_MP3 = { checker: 'mp3val', line: /Too few MPEG frames/, atMost: 1 }

/** A file of this kind as a recorder makes it amid a run: cut out of the stream, with hidden pre-roll. */
async function recordedFile(kind: AudioKind, seconds: number, opusPrerollMs = 400): Promise<string> {
  const stem = path(`${kind.name.replaceAll(' ', '_')}-${opusPrerollMs}`)
  writeFileSync(`${stem}-stream.${kind.extension}`, encodeKind(kind, seconds))
  const { output } = await cut({
    input: `${stem}-stream.${kind.extension}`,
    output: `${stem}.${kind.extension}`,
    startSeconds: 1,
    endSeconds: Infinity,
    startedAt: Date.UTC(2026, 10, 22, 16),
    opusPrerollMs,
  })
  return output
}

describe.skipIf(missing.length > 0)('pieces of a file', () => {
  const cases = [
    ...exactKinds.map((kind) => ({ title: kind.name, kind, opusPrerollMs: 400 })),
    { title: 'Opus with 800 ms', kind: audioKind('Opus'), opusPrerollMs: 800 },
  ]
  for (const { title, kind, opusPrerollMs } of cases) {
    it(`decode to the whole, sample for sample: ${title}`, async () => {
      const input = await recordedFile(kind, 8, opusPrerollMs)
      const random = randomNumbers(title.length * 7919)
      const paths: string[] = []
      const starts: number[] = []
      for (let round = 0; round < 2; round++) {
        const [a, b, c] = [random(), random(), random()].sort((x, y) => x - y).map((part) => part * 6.9)
        const times = round === 0 ? [0, 0.01 + a / 20, Infinity] : [a, b + 0.05, c + 0.1]
        for (const [from, to] of [
          [0, 2],
          [0, 1],
          [1, 2],
        ]) {
          const output = path(`${title.replaceAll(' ', '_')}-${paths.length}.${kind.extension}`)
          const piece = await cut({ input, output, startSeconds: times[from], endSeconds: times[to], opusPrerollMs })
          expect(piece.startSeconds).toBeGreaterThanOrEqual(times[from] - 1e-9)
          expect(piece.startSeconds).toBeLessThan(times[from] + 0.2)
          expect(piece.bytes).toBe(statSync(output).size)
          expect(piece.startedAt).toBeCloseTo(Date.UTC(2026, 10, 22, 16) + 1000 * (1 + piece.startSeconds), -2)
          paths.push(output)
          starts.push(Math.round(piece.startSeconds * kind.rateHz))
        }
      }
      const [whole, ...pieces] = decodeFiles([input, ...paths])
      const same = { samples: 0, differing: 0, steps: 0 }
      const close = (result: ReturnType<typeof apart>) => {
        // the decoder of Opus forgets slowly: 400 ms leave a step of 16 bits at most
        if (kind.name !== 'Opus') expect(result).toEqual(same)
        else expect({ samples: result.samples, close: result.steps <= 1.01 }).toEqual({ samples: 0, close: true })
      }
      for (let round = 0; round < pieces.length; round += 3) {
        const [all, first, second] = pieces.slice(round, round + 3)
        expect(Math.min(all.length, first.length)).toBeGreaterThan(0)
        close(apart(joined([first, second]), all))
        const at = starts[round] * kind.channels
        close(apart(whole.subarray(at, at + all.length), all))
      }
      expect(await checkFiles(paths.slice(1, 4), { allow: [SHORT_MP3] })).toEqual([])
    })
  }
})
