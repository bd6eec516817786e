import { describe, expect, it } from 'vitest'
import {
  ConfigError,
  ERROR_CODES,
  IsrError,
  SourceError,
  StorageError,
  toIsrError,
  type IsrErrorCode,
} from '../src/errors.js'

describe('errors', () => {
  it('have stable codes, each explained in one sentence', () => {
    for (const [code, text] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^ISR_[A-Z]+(_[A-Z]+)+$|^ISR_(STOPPED|INTERRUPTED|SUSPENDED)$/)
      expect(text).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('are IsrErrors with names, codes, sources and causes', () => {
    const cause = new Error('deep')
    const kinds: [new (code: IsrErrorCode, message: string, options?: object) => IsrError, string][] = [
      [IsrError, 'IsrError'],
      [SourceError, 'SourceError'],
      [StorageError, 'StorageError'],
      [ConfigError, 'ConfigError'],
    ]
    for (const [Kind, name] of kinds) {
      const error = new Kind('ISR_STOPPED', 'told to', { source: 'one', cause })
      expect(error).toBeInstanceOf(IsrError)
      expect(error).toBeInstanceOf(Error)
      expect(error).toMatchObject({ name, code: 'ISR_STOPPED', message: 'told to', source: 'one', cause })
      expect(String(error)).toBe(`${name}: told to`)
      expect('source' in new Kind('ISR_STOPPED', 'told to')).toBe(false)
    }
  })

  it('of sources may be tried again unless they say otherwise', () => {
    expect(new SourceError('ISR_SOURCE_RESET', 'x').retryable).toBe(true)
    expect(new SourceError('ISR_SOURCE_RESET', 'x').retryAfterMs).toBeUndefined()
    const final = new SourceError('ISR_SOURCE_REFUSED', 'x', { retryable: false, retryAfterMs: 0 })
    expect(final).toMatchObject({ retryable: false, retryAfterMs: 0 })
  })
})

describe('JSON of an error', () => {
  it('has code and message', () => {
    const cause = new SourceError('ISR_SOURCE_RESET', 'broke', { source: 'radio', cause: new Error('inside') })
    expect(JSON.parse(JSON.stringify({ cause }))).toEqual({ cause: { code: 'ISR_SOURCE_RESET', message: 'broke' } })
  })
})

describe('toIsrError', () => {
  it('leaves ours as they are and wraps others with their cause', () => {
    const ours = new StorageError('ISR_STORAGE_FULL', 'full')
    expect(toIsrError(ours, 'ISR_STORAGE_FAILED')).toBe(ours)
    const foreign = new TypeError('odd')
    expect(toIsrError(foreign, 'ISR_STORAGE_FAILED')).toMatchObject({
      code: 'ISR_STORAGE_FAILED',
      message: 'odd',
      cause: foreign,
    })
  })

  it('finds words for whatever was thrown', () => {
    const said = (thrown: unknown) => toIsrError(thrown, 'ISR_SOURCE_FAILED').message
    expect(said('text')).toBe('text')
    expect(said(undefined)).toBe('undefined')
    expect(said(Symbol('s'))).toBe('Symbol(s)')
    expect(said(Object.create(null))).toBe('unknown error')
    expect(said(new RangeError())).toBe('RangeError')
    // as Node.js does when every address of a name refuses
    expect(said(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED')
  })
})
