import { describe, expect, it } from 'vitest'
import { SourceError, type IsrErrorCode, type SourceErrorOptions } from '../../../src/errors.js'
import { lookPaceMs } from '../../../src/recorder/supervision/look-pace.js'

const pace = (lostMs: number | undefined, code: IsrErrorCode, options?: SourceErrorOptions, random = 0.5) =>
  lookPaceMs(lostMs, new SourceError(code, 'gone', options), random)

describe('lookPaceMs', () => {
  it('finds a server that restarts within half a second, and any short outage within two', () => {
    for (const random of [0, 0.5, 0.999]) {
      expect(pace(3000, 'ISR_SOURCE_UNREACHABLE', {}, random)).toBeLessThan(500)
      expect(pace(59_999, 'ISR_SOURCE_UNREACHABLE', {}, random)).toBeLessThanOrEqual(1500)
      for (const code of [
        'ISR_SOURCE_NOT_FOUND',
        'ISR_SOURCE_REFUSED',
        'ISR_SOURCE_RESET',
        'ISR_SOURCE_STALLED',
      ] as const)
        expect(pace(3000, code, {}, random), code).toBeLessThanOrEqual(1500)
    }
  })

  it('is spread, so that the sources of one server do not come in step', () => {
    expect(pace(0, 'ISR_SOURCE_RESET', {}, 0)).toBeLessThan(pace(0, 'ISR_SOURCE_RESET', {}, 1) * 0.7)
  })

  it('bothers nobody: not where nothing ever came, after a minute, nor who asked for patience or other credentials', () => {
    expect(pace(undefined, 'ISR_SOURCE_UNREACHABLE')).toBe(Infinity)
    expect(pace(60_000, 'ISR_SOURCE_UNREACHABLE')).toBe(Infinity)
    expect(pace(3000, 'ISR_SOURCE_REFUSED', { retryAfterMs: 5000 })).toBe(Infinity)
    expect(pace(3000, 'ISR_SOURCE_UNAUTHORIZED')).toBe(Infinity)
    expect(pace(3000, 'ISR_SOURCE_NOT_FOUND', { retryable: false })).toBe(Infinity)
  })
})
