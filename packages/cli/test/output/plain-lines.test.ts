import { describe, expect, it } from 'vitest'
import { formatLine, PlainLines } from '../../src/output/plain-lines.js'
import type { Line } from '../../src/output/line.js'
import { FakeOutput } from '../support/fake-io.js'

const at = new Date(2026, 10, 22, 17, 0, 0).getTime()
const redact = (text: string): string => text.replaceAll('hunter2', '***')
const lineOf = (level: Line['level'], text = 'text', source?: string): Line => ({
  at,
  level,
  text,
  ...(source !== undefined && { source }),
})

describe('formatLine', () => {
  it('has local time, level, source and text', () => {
    expect(formatLine(lineOf('INFO', 'recording a.mp3', 'radio'), redact)).toBe(
      '2026-11-22 17:00:00 INFO radio: recording a.mp3',
    )
    expect(formatLine(lineOf('ERROR', 'no disk'), redact)).toBe('2026-11-22 17:00:00 ERROR no disk')
  })

  it('lets no title or name forge a line, and no secret out', () => {
    const line = lineOf('INFO', 'title: x\n2026-11-22 17:00:00 ERROR forged\u001b[2J hunter2', 'ra\ndio')
    expect(formatLine(line, redact)).toBe(
      '2026-11-22 17:00:00 INFO ra dio: title: x 2026-11-22 17:00:00 ERROR forged [2J ***',
    )
  })
})

describe('PlainLines', () => {
  it('sends trouble to its own output, and nothing below the level', () => {
    const [normal, trouble] = [new FakeOutput(), new FakeOutput()]
    const lines = new PlainLines({ normal, trouble, level: 'INFO', redact })
    for (const level of ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const) lines.line(lineOf(level, `a ${level}`))
    expect(normal.lines).toEqual(['2026-11-22 17:00:00 INFO a INFO'])
    expect(trouble.lines).toEqual(['2026-11-22 17:00:00 WARNING a WARNING', '2026-11-22 17:00:00 ERROR a ERROR'])
  })

  it('colours whole lines where colours are wanted', () => {
    const output = new FakeOutput({ hasColors: true })
    const lines = new PlainLines({ normal: output, trouble: output, level: 'DEBUG', redact })
    lines.line(lineOf('WARNING', 'w'))
    expect(output.text).toBe('\u001b[33m2026-11-22 17:00:00 WARNING w\u001b[39m\n')
  })

  it('says how many lines nobody read', () => {
    const output = new FakeOutput()
    output.dropped = 7
    const lines = new PlainLines({ normal: output, trouble: output, level: 'DEBUG', redact })
    lines.line(lineOf('INFO', 'on'))
    lines.line(lineOf('INFO', 'and on'))
    expect(output.lines[0]).toBe('(7 lines are missing here: nobody read them in time)')
    expect(output.lines).toHaveLength(3)
  })
})
