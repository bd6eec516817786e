import { describe, expect, it } from 'vitest'
import { formatBitrate, formatBytes, formatDuration, isoTime, localClock, localTime } from '../../src/output/units.js'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [99_949, '99.9 KB'],
    [99_950, '100 KB'],
    [999_499, '999 KB'],
    [999_500, '1.0 MB'],
    [54_900_000, '54.9 MB'],
    [1e9, '1.0 GB'],
    [1.5e12, '1.5 TB'],
    [5e18, '5000 PB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('formatDuration', () => {
  it.each([
    [-1, '0:00'],
    [0, '0:00'],
    [5.99, '0:05'],
    [65, '1:05'],
    [3599.999, '59:59'],
    [3600, '1:00:00'],
    [360_000, '100:00:00'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

describe('formatBitrate', () => {
  it('rounds to kb/s', () => {
    expect(formatBitrate(127_600)).toBe('128 kb/s')
    expect(formatBitrate(0)).toBe('-')
  })
})

describe('times', () => {
  it('are on the clock of the machine, or UTC', () => {
    const at = new Date(2026, 10, 22, 17, 5, 9).getTime()
    expect(localTime(at)).toBe('2026-11-22 17:05:09')
    expect(localClock(at)).toBe('17:05:09')
    expect(isoTime(Date.UTC(2026, 10, 22, 16, 5, 9, 7))).toBe('2026-11-22T16:05:09.007Z')
  })
})
