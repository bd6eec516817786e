import { describe, expect, it } from 'vitest'
import { countStates, rowsThatFit, statusRow } from '../../../src/output/table/rows.js'
import { localClock } from '../../../src/output/units.js'
import { recording, status } from '../../support/fake-station.js'

const now = Date.UTC(2026, 0, 1, 12)
const redact = (text: string): string => text.replaceAll('hunter2', '***')

describe('statusRow', () => {
  it('shows a source that records', () => {
    expect(statusRow(status('radio', { recording: recording() }), now, redact)).toEqual({
      source: 'radio',
      kind: 'recording',
      state: 'recording',
      file: '20260101_000000.mp3',
      elapsed: '1:05',
      rate: '128 kb/s',
      bytes: '1.0 MB',
      lastError: '',
    })
  })

  it('shows a source that waits, and why', () => {
    const lastError = { at: now - 1000, code: 'ISR_SOURCE_REFUSED', message: 'answered 503\nhunter2' }
    const waiting = status('a\u001b[2Jb', { state: 'waiting', retryAt: now + 4200, lastError, bitrateBps: 0 })
    expect(statusRow(waiting, now, redact)).toMatchObject({
      source: 'a [2Jb',
      state: 'waiting 5 s',
      file: '-',
      elapsed: '-',
      rate: '-',
      lastError: `${localClock(now - 1000)} answered 503 ***`,
    })
    expect(statusRow({ ...waiting, retryAt: now - 1 }, now, redact).state).toBe('waiting 0 s')
  })
})

describe('rowsThatFit', () => {
  const rows = Array.from({ length: 10 }, (_, index) =>
    statusRow(status(`s${index}`, index === 7 ? { state: 'failed' } : {}), now, redact),
  )

  it('shows all where there is room', () => {
    expect(rowsThatFit(rows, 10)).toEqual({ shown: rows, hidden: 0 })
  })

  it('shows trouble first, in the order of the configuration', () => {
    const { shown, hidden } = rowsThatFit(rows, 4)
    expect(shown.map(({ source }) => source)).toEqual(['s0', 's1', 's7'])
    expect(hidden).toBe(7)
  })
})

describe('countStates', () => {
  it('counts', () => {
    expect(countStates([status('a'), status('b', { state: 'waiting' }), status('c')])).toBe('2 recording, 1 waiting')
  })
})
