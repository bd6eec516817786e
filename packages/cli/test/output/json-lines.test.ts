import { describe, expect, it } from 'vitest'
import { JsonLines } from '../../src/output/json-lines.js'
import { FakeOutput } from '../support/fake-io.js'
import { cause, recording } from '../support/fake-station.js'

const at = Date.UTC(2026, 0, 1)
const redact = (text: string): string => text.replaceAll('hunter2', '***')

function parsed(write: (lines: JsonLines) => void): unknown[] {
  const output = new FakeOutput()
  write(new JsonLines(output, redact))
  expect(output.text).toMatch(/^(.+\n)+$/)
  return output.lines.map((line) => JSON.parse(line) as unknown)
}

describe('JsonLines', () => {
  it('writes an event a line, times in ISO 8601, errors as code and message', () => {
    const gap = { source: 'radio', from: at, to: at + 1500, seconds: 1.5, cause: cause() }
    expect(parsed((lines) => lines.event('gap', at + 2000, gap))).toEqual([
      {
        time: '2026-01-01T00:00:02.000Z',
        event: 'gap',
        source: 'radio',
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-01T00:00:01.500Z',
        seconds: 1.5,
        cause: { code: 'ISR_SOURCE_NOT_FOUND', message: 'http://host/live answered 404' },
      },
    ])
  })

  it('leaves states words', () => {
    expect(parsed((lines) => lines.event('state', at, { source: 'a', from: 'idle', to: 'connecting' }))).toEqual([
      { time: '2026-01-01T00:00:00.000Z', event: 'state', source: 'a', from: 'idle', to: 'connecting' },
    ])
  })

  it('writes all of a recording', () => {
    expect(parsed((lines) => lines.event('recording:open', at, recording()))).toEqual([
      {
        ...recording(),
        time: '2026-01-01T00:00:00.000Z',
        event: 'recording:open',
        startedAt: '2026-01-01T00:00:00.000Z',
      },
    ])
  })

  it('hides secrets in values, and lets no text break a line', () => {
    const values = { title: 'a\nb\u2028c\u009b hunter2' }
    expect(parsed((lines) => lines.event('metadata', at, { source: 'hunter2', at, values }))).toEqual([
      expect.objectContaining({ source: '***', values: { title: 'a\nb\u2028c\u009b ***' } }),
    ])
  })

  it('says how many events nobody read', () => {
    const output = new FakeOutput()
    output.dropped = 3
    new JsonLines(output, redact).event('warning', at, { source: 'a', code: 'c', message: 'm' })
    expect(JSON.parse(output.lines[0])).toEqual({ time: '2026-01-01T00:00:00.000Z', event: 'dropped', lines: 3 })
    expect(output.lines).toHaveLength(2)
  })
})
