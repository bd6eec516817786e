import { describe, expect, it } from 'vitest'
import { follows, selectRecordings } from '../../../src/editing/export/select.js'
import { readLedgerLines } from '../../../src/ledger/read/read-lines.js'

const minute = (at: number) => new Date(Date.UTC(2026, 10, 22, 16, at)).toISOString()
const at = (minutes: number) => Date.parse(minute(minutes))
const file = (name: string, start: number, more: object = {}) => ({
  ...{ v: 1, type: 'open', source: 'radio', run: 'r', name, startedAt: minute(start), utcOffset: '+00:00' },
  ...{ format: 'wav', codec: 'pcm', sampleRate: 8000, channels: 1, seq: start / 10 },
  ...more,
})
/** A recording of ten minutes. */
const whole = (name: string, start: number, more: object = {}) => ({
  ...file(name, start, { type: 'recording', samples: 4_800_000, durationSeconds: 600, bytes: 1, headerBytes: 1 }),
  ...{ receivedBytes: 1, sha256: '', frames: 1, prerollFrames: 0, prerollSamples: 0, closedBy: 'boundary', titles: [] },
  ...more,
})

async function select(lines: readonly unknown[], from: number, to: number) {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  const chunks = (async function* () {
    yield await Promise.resolve(new TextEncoder().encode(text))
  })()
  const { recordings } = await selectRecordings(readLedgerLines(chunks), 'radio', at(from), at(to))
  return recordings
}

describe('the recordings of a span', () => {
  it('are those that reach into it, in the order of time', async () => {
    const lines = [whole('c', 20), file('b', 10), whole('b', 10), whole('a', 0), whole('d', 30)]
    const names = async (from: number, to: number) => (await select(lines, from, to)).map(({ name }) => name)
    expect(await names(5, 25)).toEqual(['a', 'b', 'c'])
    expect(await names(10, 20)).toEqual(['b'])
    expect(await names(39.9, 100)).toEqual(['d'])
    expect(await names(40, 100)).toEqual([])
  })

  it('are of one source, unfinished ones too, removed ones not, whatever else stands in the ledger', async () => {
    const removed = {
      v: 1,
      type: 'removed',
      source: 'radio',
      run: 'r',
      name: 'gone',
      by: 'user',
      at: minute(50),
      utcOffset: '+00:00',
    }
    const other = whole('other', 0, { source: 'other' })
    const growing = file('growing', 10, { title: 'News' })
    const failed = whole('failed', 0, { closedBy: 'error', durationSeconds: 1 })
    const found = await select([whole('gone', 0), removed, 'torn {', other, growing, failed, { v: 1 }], 5, 60)
    expect(found).toEqual([
      { name: 'failed', run: 'r', sequence: 0, startedAt: at(0) },
      { name: 'growing', run: 'r', sequence: 1, startedAt: at(10), title: 'News' },
    ])
  })

  it('follow on the last file that goes on from the one before, where a volume failed', async () => {
    const failed = whole('failed', 10, { closedBy: 'error', durationSeconds: 60 })
    const rest = whole('rest', 11, { seq: 3, continues: 1 })
    const more = whole('more', 12, { seq: 4, continues: 3 })
    const found = await select([whole('a', 0), failed, whole('b', 20), rest, more], 0, 60)
    expect(found.map(({ name }) => name)).toEqual(['a', 'failed', 'rest', 'more', 'b'])
    for (const [index, next] of found.entries())
      for (const [other, before] of found.entries()) expect(follows(before, next)).toBe(other === index - 1)
  })

  it('take the last word of the ledger on a file', async () => {
    expect(await select([file('a', 0), whole('a', 0, { durationSeconds: 60 })], 5, 10)).toEqual([])
  })

  it('follow each other inside a run alone', () => {
    const of = (run: string, sequence?: number) => ({ name: 'x', run, startedAt: 0, sequence })
    expect(follows(of('a', 0), of('a', 1))).toBe(true)
    expect(follows(of('a', 0), of('a', 2))).toBe(false)
    expect(follows(of('a', 0), of('b', 1))).toBe(false)
    expect(follows(of('a'), of('a', 1))).toBe(false)
    expect(follows(of('adopted-1', 0), of('adopted-1', 1))).toBe(false)
  })
})
