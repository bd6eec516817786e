import { describe, expect, it } from 'vitest'
import { formatPosition, parsePosition } from '../../../src/commands/edit/position.js'

describe('a position in a file', () => {
  it.each([
    ['0', 0],
    ['90', 90],
    ['90.5', 90.5],
    ['.25', 0.25],
    ['1:30', 90],
    ['1:02.5', 62.5],
    ['75:00', 4500],
    ['1:00:00', 3600],
    ['10:59:59.999', 39599.999],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parsePosition(text)).toBeCloseTo(seconds, 9)
  })

  it.each([
    '',
    'x',
    '-1',
    '1:2',
    '1:60',
    '1:60:00',
    '1:2:03',
    '1:02:3',
    '1e3',
    '1:',
    ':30',
    '1:00:00:00',
    '0x10',
    '1,5',
    ' 1',
  ])('%j is refused', (text) => {
    expect(() => parsePosition(text)).toThrow(/m:ss|up to 59/)
  })

  it('is shown to the millisecond, and what is shown can be given again', () => {
    expect([0, 62.5, 3599.9996, 3661.25].map(formatPosition)).toEqual([
      '0:00.000',
      '1:02.500',
      '1:00:00.000',
      '1:01:01.250',
    ])
    for (const seconds of [0.001, 59.999, 60, 3599.999, 3600, 86_399.5]) {
      expect(parsePosition(formatPosition(seconds))).toBeCloseTo(seconds, 6)
    }
  })
})
