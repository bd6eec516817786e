import { describe, expect, it } from 'vitest'
import { FileTags } from '../../../src/formats/tags/file-tags.js'

const STARTED_AT = Date.UTC(2026, 10, 22, 16, 0, 0, 250)
const context = { startedAt: STARTED_AT, utcOffsetMinutes: 60, source: 'Radio\nS\u00fcd' }
const RATE_HZ = 1000
const open = (title?: string) => new FileTags({ ...context, ...(title !== undefined && { title }) }, RATE_HZ)
const names = (tags: FileTags, samples = 10_000) =>
  tags.chapters(samples).map(({ startMs, endMs, name }) => [startMs, endMs, name])

describe('FileTags', () => {
  it('tells time and source as they may stand in a tag', () => {
    expect(open().facts).toEqual({
      date: '2026-11-22T17:00:00.250+01:00',
      startMicroseconds: STARTED_AT * 1000,
      source: 'Radio S\u00fcd',
    })
    expect(open(' \t ').facts).not.toHaveProperty('title')
    expect(open('a\0b').facts.title).toBe('a b')
  })

  it('says the same time in every field, that of the ledger: whole milliseconds', () => {
    const tags = new FileTags({ ...context, startedAt: STARTED_AT + 0.6 }, RATE_HZ)
    expect(tags.facts.date).toBe('2026-11-22T17:00:00.251+01:00')
    expect(tags.facts.startMicroseconds).toBe((STARTED_AT + 1) * 1000)
  })

  it('follows a start that is known better later', () => {
    const tags = open()
    tags.retime(STARTED_AT - 1500)
    expect(tags.facts.date).toBe('2026-11-22T16:59:58.750+01:00')
  })

  it('has no chapters while one title is in force from start to end', () => {
    expect(names(open())).toEqual([])
    expect(names(open('A'))).toEqual([])
    const same = open('A')
    for (const title of ['A', ' A ', '', '\n']) same.mark(title, 500)
    expect(names(same)).toEqual([])
  })

  it('makes a chapter of each title, the first one of the title at the start', () => {
    const tags = open('A')
    tags.mark('B', 1500)
    tags.mark('A', 4000)
    expect(names(tags)).toEqual([
      [0, 1500, 'A'],
      [1500, 4000, 'B'],
      [4000, 10_000, 'A'],
    ])
    expect(tags.chapters(10_000)[1].startSample).toBe(1500)
  })

  it('begins where the first title came when none was known at the start', () => {
    const tags = open()
    tags.mark('B', 1500)
    expect(names(tags)).toEqual([[1500, 10_000, 'B']])
  })

  it('takes the last of several titles at one sample, and none that no audio followed', () => {
    const tags = open('A')
    tags.mark('B', 1500)
    tags.mark('C', 1500)
    tags.mark('D', 9000)
    expect(names(tags, 9000)).toEqual([
      [0, 1500, 'A'],
      [1500, 9000, 'C'],
    ])
    tags.mark('C', 9000)
    expect(names(tags)).toEqual([
      [0, 1500, 'A'],
      [1500, 10_000, 'C'],
    ])
  })

  it('remembers a thousand titles and no more', () => {
    const tags = open('A')
    for (let index = 1; index <= 5000; index++) tags.mark(`title ${index}`, index)
    expect(tags.chapters(10_000)).toHaveLength(1000)
  })
})
