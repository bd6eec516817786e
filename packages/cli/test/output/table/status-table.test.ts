import { describe, expect, it } from 'vitest'
import { StatusTable } from '../../../src/output/table/status-table.js'
import { FakeOutput } from '../../support/fake-io.js'
import { recording, status } from '../../support/fake-station.js'

const startedAt = Date.UTC(2026, 0, 1)
const redact = (text: string): string => text.replaceAll('hunter2', '***')

/** What a terminal shows after all that was written to it: cursor movements and erasures obeyed. */
function screen(text: string): string[] {
  const lines: string[] = ['']
  let row = 0
  let column = 0
  // eslint-disable-next-line no-control-regex
  for (const [token, code, letter] of text.matchAll(/\u001b\[\??([\d;]*)([A-Za-z])|[\s\S]/gu)) {
    if (letter === undefined) {
      if (token === '\n') {
        row++
        column = 0
        lines[row] ??= ''
      } else {
        lines[row] = lines[row].slice(0, column).padEnd(column) + token + lines[row].slice(column + 1)
        column++
      }
    } else if (letter === 'A') row = Math.max(0, row - Number(code || 1))
    else if (letter === 'B') row += Number(code || 1)
    else if (letter === 'G') column = 0
    else if (letter === 'K') lines[row] = code === '2' ? '' : lines[row].slice(0, column)
    else if (letter === 'J') lines.splice(row + 1)
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== '')
}

describe('StatusTable', () => {
  const output = (facts = {}) => new FakeOutput({ isTerminal: true, columns: 110, rows: 24, ...facts })

  it('shows a row per source, and rewrites it in place', () => {
    const terminal = output()
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    const waiting = status('nord', { state: 'waiting', retryAt: startedAt + 70_000, bitrateBps: 0, receivedBytes: 0 })
    const sources = [status('radio', { recording: recording() }), waiting]
    table.show({ startedAt, sources }, startedAt + 65_000)
    expect(screen(terminal.text)).toEqual([
      'isr  1:05  1 recording, 1 waiting  Ctrl+C stops',
      'Source State       File                Elapsed Rate     Bytes  Last error',
      'radio  recording   20260101_000000.mp3 1:05    128 kb/s 1.0 MB',
      'nord   waiting 5 s -                   -       -        0 B',
    ])
    table.show({ startedAt, sources: [sources[0], { ...waiting, state: 'failed' }] }, startedAt + 66_000)
    expect(screen(terminal.text)).toHaveLength(4)
    expect(screen(terminal.text)[0]).toContain('1:06  1 recording, 1 failed')
  })

  it('keeps warnings and errors above the table, safe to show', () => {
    const terminal = output()
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    table.show({ startedAt, sources: [status('radio')] }, startedAt)
    table.line({ at: startedAt, level: 'INFO', text: 'not here' })
    table.line({ at: startedAt, level: 'WARNING', source: 'radio', text: 'gap\u001b[2J hunter2' })
    table.line({ at: startedAt, level: 'ERROR', text: 'given up' })
    const lines = screen(terminal.text)
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/WARNING radio: gap \[2J \*\*\*$/)
    expect(lines[1]).toMatch(/ERROR given up$/)
    expect(lines[2]).toMatch(/^isr /)
  })

  it('cuts what is too long for the terminal', () => {
    const terminal = output({ columns: 70 })
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    const lastError = { at: startedAt, code: 'x', message: 'long '.repeat(40) }
    const long = status('a name of a source that goes on and on', {
      recording: recording({ name: 'x'.repeat(90) }),
      lastError,
    })
    table.show({ startedAt, sources: [long] }, startedAt)
    const lines = screen(terminal.text)
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(70)
    expect(lines[2]).toContain('…')
  })

  it('never grows higher than the terminal', () => {
    const terminal = output({ rows: 10 })
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    const sources = Array.from({ length: 50 }, (_, index) =>
      status(`s${index}`, index === 40 ? { state: 'failed' } : {}),
    )
    table.show({ startedAt, sources }, startedAt)
    const lines = screen(terminal.text)
    expect(lines.length).toBeLessThan(10)
    expect(lines.at(-1)).toBe('... and 45 more')
    expect(lines.some((line) => line.startsWith('s40'))).toBe(true)
  })

  it('does not write to a terminal that stands still', () => {
    const terminal = output()
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    terminal.busy = true
    table.show({ startedAt, sources: [status('radio')] }, startedAt)
    expect(terminal.text).toBe('')
  })

  it('uses colours where they are wanted', () => {
    const terminal = output({ hasColors: true })
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    const sources = [status('radio'), status('nord', { state: 'failed' })]
    table.show({ startedAt, sources }, startedAt)
    expect(terminal.text).toContain('\u001b[32mrecording')
    expect(terminal.text).toContain('\u001b[31mfailed')
    expect(screen(terminal.text).at(-1)).toMatch(/^nord\s+failed/)
  })

  it('leaves the last table on the screen', () => {
    const terminal = output()
    const table = new StatusTable({ output: terminal, level: 'INFO', redact })
    table.show({ startedAt, sources: [status('radio')] }, startedAt)
    table.close()
    terminal.write('after\n')
    expect(screen(terminal.text)).toHaveLength(4)
    expect(screen(terminal.text).at(-1)).toBe('after')
  })
})
