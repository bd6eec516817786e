import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles, VERBATIM_MP3 } from '../../../../tests/e2e/rig/checkers.js'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { tempDir } from '../../../../tests/e2e/rig/temp-dir.js'
import type { SplitJoin } from '../../src/formats/format.js'
import { randomIntegers } from '../formats/support/framing.js'
import { AUDIO_KINDS, encodeKind, ENCODER_TOOLS, type AudioKind } from '../support/audio-kinds.js'
import { openLine, recordInto, repairBytes } from './support/remains.js'
import { framesIn, unitEnds } from './support/units.js'

/** `ISR_SOAK=1 npx vitest run packages/core/test/recovery/truncations`: real programs judge every file. */
const SOAK = process.env.ISR_SOAK === '1'
const TRUNCATIONS = 300
const JUDGED = SOAK ? TRUNCATIONS : 8
/** Nothing shorter is taken for audio by mp3val, mp3check and ffmpeg's detection, however perfect. */
const SHORTEST_SECONDS = 0.3
/** Formats that real programs judge also without soak: one kind of each. */
const judgedKinds = ['MP3 VBR', 'Vorbis', 'Opus', 'Ogg FLAC', 'FLAC', 'WAV', 'AAC']

const folder = tempDir('isr-truncations-')
const judged: string[] = []
afterAll(() => {
  judged.length = 0
})

/** The second of two files, which has hidden pre-roll where its format knows any. */
function secondFile(kind: AudioKind, join: SplitJoin) {
  const stream = encodeKind(kind, 1.6)
  const frames = kind.format.name === 'wav' ? 1.6 * kind.rateHz : framesIn(kind, stream).length
  return recordInto(kind.format, stream, [Math.floor(frames / 2)], join)[1]
}

const cases = [
  ...AUDIO_KINDS.map((kind) => ({ kind, join: 'exact' as const, name: kind.name })),
  ...AUDIO_KINDS.filter(({ name }) => name === 'MP3 CBR' || name === 'Opus').map((kind) => ({
    kind,
    join: 'verbatim' as const,
    name: `${kind.name}, verbatim`,
  })),
]

describeWithTools([...ENCODER_TOOLS, ...CHECKER_TOOLS], 'files torn at any byte', () => {
  it.each(cases)(
    '$name: repair keeps every whole frame or page, and nothing else',
    async ({ kind, join: splitJoin, name }) => {
      const file = secondFile(kind, splitJoin)
      const open = openLine(kind, file)
      const units = unitEnds(kind, file)
      const audio = kind.format.name === 'wav' ? undefined : framesIn(kind, file.growing)
      expect(units.at(-1)?.endByte).toBe(file.growing.length)
      const below = randomIntegers(20261122)
      const toJudge = SOAK || judgedKinds.includes(name) ? JUDGED : 0
      const path = join(folder, name.replace(/\W+/g, '-'))
      if (toJudge > 0) mkdirSync(path)
      let repaired = 0
      let judgedHere = 0
      for (let round = 0; round < TRUNCATIONS; round++) {
        // half of them anywhere, half of them around the end of a unit
        const unit = units[below(units.length)]
        const size =
          round % 2 === 0 ? below(file.growing.length + 1) : Math.min(file.growing.length, unit.endByte - 8 + below(17))
        const { outcome, bytes, entries } = await repairBytes(open, file.growing.subarray(0, size))
        const expected = units.findLast(({ endByte }) => endByte <= size)?.frames ?? 0
        const what = `${name}, cut at ${size}: ${outcome.action} ${outcome.reason ?? outcome.error?.message ?? ''}`
        // without a head a frame or two cannot be told from noise
        if (expected === 0 || (file.headerBytes === 0 && expected <= 2 && outcome.action === 'removed')) {
          expect(outcome.action, what).toBe('removed')
          expect(entries.map(({ type }) => type)).toEqual(['removed'])
          continue
        }
        expect(['repaired', 'complete'], what).toContain(outcome.action)
        expect(outcome.recording?.frames, what).toBe(expected)
        expect(entries.at(-1)).toMatchObject({
          type: 'recording',
          closedBy: 'recovered',
          frames: expected,
          bytes: bytes.length,
        })
        if (audio) {
          const kept = framesIn(kind, bytes)
          const same = kept.every((frame, index) => Buffer.compare(frame, audio[index]) === 0)
          expect({ count: kept.length, same }, what).toEqual({
            count: file.counts.prerollFrames + expected,
            same: true,
          })
        }
        repaired++
        if (judgedHere >= toJudge || (outcome.recording?.durationSeconds ?? 0) < SHORTEST_SECONDS) continue
        judgedHere++
        const judgedPath = join(path, `${size}.${kind.extension}`)
        writeFileSync(judgedPath, bytes)
        judged.push(judgedPath)
      }
      expect(repaired).toBeGreaterThan(TRUNCATIONS / 2)
    },
  )

  it(
    'no program has a word against the files that came of it',
    async () => {
      expect(judged.length).toBeGreaterThanOrEqual(judgedKinds.length * 8)
      const allow = SOAK ? VERBATIM_MP3 : []
      expect(await checkFiles([...new Set(judged)], { allow })).toEqual([])
    },
    SOAK ? 3_600_000 : 60_000,
  )
})

describe('a repaired file', () => {
  it.each(AUDIO_KINDS.filter(({ format }) => format.name !== 'ogg'))(
    '$name: is what a stop at that moment would have made',
    async (kind) => {
      const stream = encodeKind(kind, 1)
      for (const file of recordInto(kind.format, stream, [kind.format.name === 'wav' ? 20_001 : 4])) {
        const { bytes, outcome } = await repairBytes(openLine(kind, file), file.growing)
        expect(outcome.droppedBytes).toBe(0)
        expect(Buffer.compare(bytes, file.bytes)).toBe(0)
      }
    },
  )

  it.each(AUDIO_KINDS)('$name: that was closed already is left alone', async (kind) => {
    for (const file of recordInto(kind.format, encodeKind(kind, 1), [4])) {
      const { bytes, outcome, entries } = await repairBytes(openLine(kind, file), file.bytes)
      expect(outcome).toMatchObject({ action: 'complete', droppedBytes: 0 })
      expect(Buffer.compare(bytes, file.bytes)).toBe(0)
      expect(entries).toMatchObject([{ type: 'recording', ...file.counts, headerBytes: file.headerBytes }])
    }
  })
})
