import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutColumns } from '../../../src/output/table/columns.js'
import { statusRow } from '../../../src/output/table/rows.js'
import { recording, status } from '../../support/fake-station.js'

const now = Date.UTC(2026, 0, 1)
const rowNamed = (name: string, message: string) =>
  statusRow(status(name, { recording: recording(), lastError: { at: now, code: 'x', message } }), now, (text) => text)
const keys = (width: number): string[] =>
  layoutColumns([rowNamed('radio', 'm'.repeat(80))], width).map(({ key }) => key)

describe('layoutColumns', () => {
  it('gives each column what it needs where there is room', () => {
    const layout = layoutColumns([rowNamed('radio', 'short')], 200)
    expect(layout.map(({ key, width }) => [key, width])).toEqual([
      ['source', 6],
      ['state', 9],
      ['file', 19],
      ['elapsed', 7],
      ['rate', 8],
      ['bytes', 6],
      ['lastError', 14],
    ])
  })

  it('counts characters that are two columns wide', () => {
    expect(layoutColumns([rowNamed('日本語ラジオ', '')], 200)[0].width).toBe(12)
  })

  it('leaves out the least needed columns of a narrow terminal', () => {
    expect(keys(100)).toContain('bytes')
    expect(keys(60)).toEqual(['source', 'state', 'file', 'elapsed', 'lastError'])
    expect(keys(24)).toEqual(['source', 'state'])
  })

  it('never needs more than the terminal has, down to 30 characters', () => {
    const names = fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 30, max: 250 }),
        fc.string({ maxLength: 100 }),
        (sources, width, message) => {
          const layout = layoutColumns(
            sources.map((name) => rowNamed(name, message)),
            width,
          )
          expect(layout.reduce((sum, column) => sum + column.width + 1, 0)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
