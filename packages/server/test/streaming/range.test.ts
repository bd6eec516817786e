import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRange } from '../../src/streaming/range.js'

describe('parseRange', () => {
  it('reads what RFC 9110 shows', () => {
    expect(parseRange(undefined, 10_000)).toBeUndefined()
    expect(parseRange('bytes=0-499', 10_000)).toEqual([{ start: 0, end: 500 }])
    expect(parseRange('bytes=500-999', 10_000)).toEqual([{ start: 500, end: 1000 }])
    expect(parseRange('bytes=-500', 10_000)).toEqual([{ start: 9500, end: 10_000 }])
    expect(parseRange('bytes=9500-', 10_000)).toEqual([{ start: 9500, end: 10_000 }])
    expect(parseRange('bytes=0-0,-1', 10_000)).toEqual([
      { start: 0, end: 1 },
      { start: 9999, end: 10_000 },
    ])
    expect(parseRange('bytes= 0-0, 4500-5499, -1000', 10_000)).toEqual([
      { start: 0, end: 1 },
      { start: 4500, end: 5500 },
      { start: 9000, end: 10_000 },
    ])
  })

  it('joins what overlaps, in the order asked for', () => {
    expect(parseRange('bytes=500-600,601-999', 10_000)).toEqual([{ start: 500, end: 1000 }])
    expect(parseRange('bytes=8000-8999,0-99,50-200', 10_000)).toEqual([
      { start: 8000, end: 9000 },
      { start: 0, end: 201 },
    ])
  })

  it('gives nothing for what is not there', () => {
    expect(parseRange('bytes=10000-', 10_000)).toEqual([])
    expect(parseRange('bytes=-0', 10_000)).toEqual([])
    expect(parseRange('bytes=0-', 0)).toEqual([])
    expect(parseRange('bytes=99999999999999999999-', 10_000)).toEqual([])
  })

  it('leaves alone what is no range', () => {
    const wrong = ['', 'bytes', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=5-2', 'chars=0-1', 'bytes=0-1;2', 'bytes=--1']
    for (const header of [...wrong, 'bytes=,', `bytes=${'0-1,'.repeat(33)}`, `bytes=${' '.repeat(2000)}0-1`])
      expect([header, parseRange(header, 100)]).toEqual([header, undefined])
  })

  it('never leaves the file, never sends a byte twice', () => {
    const number = fc.oneof(fc.nat(300), fc.constant(''))
    const header = fc
      .array(fc.tuple(number, number), { maxLength: 12 })
      .map((list) => `bytes=${list.map((pair) => pair.join('-')).join(',')}`)
    fc.assert(
      fc.property(header, fc.nat(200), (text, size) => {
        const spans = parseRange(text, size) ?? []
        for (const { start, end } of spans) expect(start >= 0 && start < end && end <= size).toBe(true)
        const total = spans.reduce((sum, { start, end }) => sum + end - start, 0)
        expect(total).toBeLessThanOrEqual(size)
      }),
    )
  })
})
