import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../src/ledger/entry.js'
import { LastFiles } from '../../../src/ledger/read/last-files.js'

const AT = Date.UTC(2026, 10, 22, 12)
const time = (seconds: number) => new Date(AT + seconds * 1000).toISOString()
const base = { v: 1, source: 'radio', utcOffset: '+00:00' } as const
const facts = { format: 'mp3', codec: 'mp3', sampleRate: 44_100, channels: 2 } as const

const open = (run: string, seq: number, from: number, more: object = {}) =>
  ({ ...base, ...facts, type: 'open', run, seq, name: `${run}-${seq}`, startedAt: time(from), ...more }) as LedgerEntry
const close = (run: string, seq: number, from: number, closedBy: string, more: object = {}) =>
  ({
    ...(open(run, seq, from) as object),
    ...{ type: 'recording', closedBy, durationSeconds: 10, samples: 441_000, sha256: 'x', titles: [], ...more },
  }) as unknown as LedgerEntry
const line = (type: string, run: string, more: object = {}) => ({ ...base, type, run, ...more }) as LedgerEntry

function endOf(...entries: LedgerEntry[]) {
  const files = new LastFiles()
  for (const [index, entry] of entries.entries()) files.take(entry, index)
  const end = files.endOf('radio')
  return end && { names: end.files.map(({ open: { name } }) => name), ended: end.ended, end }
}

describe('LastFiles', () => {
  it('nothing is known of a source without files', () => {
    expect(endOf(line('run', 'a'))).toBeUndefined()
  })

  it('a file left open is the end, and those before it that join', () => {
    const lines = [open('a', 0, 0), open('a', 1, 10), close('a', 0, 0, 'boundary'), open('a', 2, 20)]
    const closed = close('a', 1, 10, 'boundary', { titles: [{ at: time(10), sample: 0, title: 'two' }] })
    const found = endOf(...lines, closed)
    expect(found).toMatchObject({ names: ['a-2', 'a-1', 'a-0'], ended: false })
    expect(found?.end.files.map(({ startByte }) => startByte)).toEqual([3, 1, 0])
    expect(found?.end.files.map(({ recording }) => recording?.title)).toEqual([undefined, 'two', undefined])
    expect(endOf(...lines, closed, close('a', 2, 20, 'stop'), line('run', 'a'))).toMatchObject({ ended: true })
  })

  it('joins end at another stream, at another run, at quiet, and at a file that is not closed', () => {
    const last = open('a', 1, 10)
    const before = (closedBy: string) => [open('a', 0, 0), close('a', 0, 0, closedBy)]
    expect(endOf(...before('format-change'), last)).toMatchObject({ names: ['a-1'] })
    expect(endOf(...before('error'), last)).toMatchObject({ names: ['a-1'] })
    expect(endOf(open('a', 0, 0), last)).toMatchObject({ names: ['a-1'] })
    expect(endOf(...before('boundary'), open('a', 2, 30))).toMatchObject({ names: ['a-2'] })
    expect(endOf(...before('stop'), open('b', 0, 10))).toMatchObject({ names: ['b-0'] })
    const otherFormat = open('a', 1, 10, { format: 'aac' })
    expect(endOf(...before('boundary'), otherFormat)).toMatchObject({ names: ['a-1'] })
  })

  it('a seam is a join', () => {
    const seam = line('seam', 'b', { previousRun: 'a', at: time(10) })
    const lines = [open('a', 0, 0), close('a', 0, 0, 'recovered'), seam, open('b', 0, 10)]
    expect(endOf(...lines)).toMatchObject({ names: ['b-0', 'a-0'] })
  })

  it('nothing goes on where a gap is told of, or something was lost', () => {
    const lines = [open('a', 0, 0), close('a', 0, 0, 'disconnect'), line('run', 'a')]
    expect(endOf(...lines)).toBeDefined()
    expect(endOf(...lines, line('gap', 'a', { from: time(10), to: time(12) }))).toBeUndefined()
    expect(endOf(...lines, line('gap', '', { from: time(15), to: time(16) }))).toBeUndefined()
    const passed = line('discard', 'a', { bytes: 1, reason: 'quiet', from: time(10), to: time(11), seconds: 1, seq: 1 })
    expect(endOf(...lines, passed)).toBeUndefined()
    expect(endOf(...lines, line('discard', 'a', { bytes: 1, reason: 'storage' }))).toBeUndefined()
    expect(endOf(...lines, line('discard', 'a', { bytes: 1, reason: 'sync' }))).toBeDefined()
    expect(endOf(open('a', 0, 0), close('a', 0, 0, 'error', { sha256: '' }))).toBeUndefined()
    expect(endOf(...lines, open('a', 1, 5, { continues: 0 }))).toBeUndefined()
  })

  it('a gap before the last file, told when that had begun, is none behind it', () => {
    const gap = line('gap', 'a', { from: time(10), to: time(20) })
    expect(endOf(open('a', 0, 0), open('b', 0, 20), gap)).toMatchObject({ names: ['b-0'] })
  })

  it('what repair has removed held nothing; what somebody else has removed is missing', () => {
    const lines = [open('a', 0, 0), close('a', 0, 0, 'boundary'), open('a', 1, 10)]
    const removed = (by: string, name: string) => line('removed', 'a', { name, by, at: time(30) })
    expect(endOf(...lines, removed('repair', 'a-1'))).toMatchObject({ names: ['a-0'] })
    expect(endOf(...lines, removed('user', 'a-1'))).toBeUndefined()
    expect(endOf(...lines, removed('retention', 'a-0'))).toMatchObject({ names: ['a-1'] })
  })

  it('keeps a few lines of each source, however many there are', () => {
    const lines = Array.from({ length: 500 }, (_, seq) => [open('a', seq, seq), close('a', seq, seq, 'boundary')])
    const names = endOf(...lines.flat(), line('seam', 'b', { previousRun: 'a' }))?.names ?? []
    expect(names.length).toBe(12)
    expect(names[0]).toBe('a-499')
  })
})
