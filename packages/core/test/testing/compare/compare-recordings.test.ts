import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/bytes/concat.js'
import { compareRecordings } from '../../../src/testing/compare/compare-recordings.js'
import { comparisonText } from '../../../src/testing/compare/comparison.js'
import { numberedStream } from '../../../src/testing/numbered/open-numbered-stream.js'
import { SentLog } from '../../../src/testing/station/sent-log.js'
import { tempDir } from '../../../../../tests/e2e/rig/temp-dir.js'

const stream = numberedStream('mp3', 5)
const frames = (...numbers: readonly number[]) => numbers.map((number) => stream.frame(number))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** A folder with one file a run, as a recorder would leave it. */
async function compare(
  runs: readonly (readonly Uint8Array[])[],
  sent: readonly { from: number; to: number; endedBy: 'station' | 'listener' }[],
  lines: readonly object[] = [],
) {
  const directory = tempDir()
  mkdirSync(join(directory, '.isr'))
  const entries: object[] = []
  for (const [index, parts] of runs.entries()) {
    const name = `${index}.mp3`
    writeFileSync(join(directory, name), concatBytes(parts))
    const facts = { v: 1, source: 'a', run: `run${index}`, name, format: 'mp3', channels: 2 }
    entries.push({ ...facts, type: 'open' })
    entries.push({ ...facts, type: 'recording', frames: parts.length, prerollFrames: 0, sha256: 'x', samples: 0 })
  }
  const text = [...entries, ...lines].map((line) => JSON.stringify(line)).join('\n')
  writeFileSync(join(directory, '.isr/ledger.jsonl'), `${text}\n{"torn`)
  const logs = sent.map(({ from, to, endedBy }, index) => {
    const log = new SentLog(index)
    log.add(stream, from, to, index)
    log.endedBy = endedBy
    return log
  })
  return compareRecordings({ directory, sent: logs })
}
const byStation = (from: number, to: number) => ({ from, to, endedBy: 'station' as const })

describe('compareRecordings', () => {
  it('finds nothing wrong with what is right', async () => {
    const comparison = await compare([frames(...range(10, 30))], [byStation(10, 30)])
    expect(comparison).toMatchObject({ isPerfect: true, sent: 20, recorded: 20, files: 1, holes: [], unread: 0 })
    expect(comparisonText(comparison)).toMatch(/^nothing lost: 20 frames sent, 20 in 1 files/)
  })

  it('counts what is lost, doubled, damaged, misordered and unknown', async () => {
    const [broken] = frames(25)
    broken[200] ^= 1
    const parts = [...frames(10, 11, 13, 12, 14, 14, 99), broken]
    const comparison = await compare([parts], [byStation(10, 26)])
    expect(comparison).toMatchObject({ doubled: 1, misordered: 1, damaged: 1, unknown: 1, isPerfect: false })
    expect(comparison.lost.map(({ number }) => number)).toEqual(range(15, 26))
    expect(comparison.lostSeconds).toBeCloseTo(11 * 0.024)
  })

  it('what the recorder itself did not wait for is not lost', async () => {
    const listener = { from: 10, to: 30, endedBy: 'listener' as const }
    const comparison = await compare([frames(...range(10, 25))], [listener])
    expect(comparison).toMatchObject({ isPerfect: true, unread: 5, lost: [], unreadOf: [{ connection: 0 }] })
    const cut = await compare([frames(...range(10, 25))], [byStation(10, 30)])
    expect(cut).toMatchObject({ isPerfect: false, unread: 0 })
    expect(cut.lost.length).toBe(5)
  })

  it('a hole is to be told, and never inside of a file', async () => {
    const gap = { v: 1, type: 'gap', source: 'a', run: 'run0', seconds: 0.24, cause: 'ISR_SOURCE_ENDED' }
    const runs = [frames(...range(0, 10)), frames(...range(20, 30))]
    const sent = [byStation(0, 10), byStation(20, 30)]
    const told = await compare(runs, sent, [gap])
    expect(told).toMatchObject({ isPerfect: true, gaps: 1 })
    expect(told.holes).toMatchObject([{ from: 10, to: 20, sentFrames: 0, isHidden: false, toldSeconds: 0.24 }])
    expect((await compare(runs, sent)).isPerfect).toBe(false)
    const hidden = await compare([runs.flat()], [byStation(0, 10), byStation(20, 30)], [gap])
    expect(hidden.holes).toMatchObject([{ isHidden: true }])
    expect(hidden.isPerfect).toBe(false)
    expect(comparisonText(hidden)).toContain('INSIDE 0.mp3, not told')
  })

  it('sees bytes that are in no frame', async () => {
    const comparison = await compare([[...frames(1), new Uint8Array(7), ...frames(2)]], [byStation(1, 3)])
    expect(comparison).toMatchObject({ strayBytes: 7, isPerfect: false })
  })
})
