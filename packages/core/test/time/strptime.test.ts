import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strftime } from '../../src/time/strftime.js'
import { strptime } from '../../src/time/strptime.js'

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'America/St_Johns']
const patterns = [
  '%Y%m%d_%H%M%S',
  '%Y/%m/%d/rec_%H-%M-%S',
  '%y%m%d %I.%M.%S%p',
  '%Y-%j %T',
  '%d %B %Y %H:%M:%S',
  '%b %e %Y, %k:%M:%S (%A)',
  '%F_%T.%f',
  'live %s',
  '%Y%m%dT%H%M%S%z',
  'a+b (%Y) [%m] %d.%H%M%S 100%%',
]

describe('strptime', () => {
  it('reads what strftime writes, to the second', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2001, 8, 10) / 1000, max: Date.UTC(2065, 0, 1) / 1000 }),
        (pattern, zone, seconds) => {
          const text = strftime(pattern, seconds * 1000, zone)
          const read = strptime(pattern, text, zone)
          expect(read).toBeDefined()
          expect(strftime(pattern, read!, zone)).toBe(text)
          // an hour that comes twice has the same name twice
          expect([0, 3600_000, 1800_000]).toContain(Math.abs(read! - seconds * 1000))
          if (zone === 'UTC') expect(read).toBe(seconds * 1000)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('takes the first of two, and the later of none', () => {
    expect(strptime('%F %T', '2026-10-25 02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30))
    expect(strptime('%F %T', '2026-03-29 02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30))
  })

  it.each([
    ['%Y%m%d_%H%M%S', 'music'],
    ['%Y%m%d_%H%M%S', '20261122_170000x'],
    ['%Y%m%d_%H%M%S', '20261322_170000'],
    ['%Y%m%d_%H%M%S', '20260231_170000'],
    ['%Y%m%d_%H%M%S', '20261122_250000'],
    ['%H%M%S', '170000'],
    ['fixed', 'fixed'],
    ['%Y%m%d %Y', '20261122 2025'],
  ])('%s is not %s', (pattern, text) => {
    expect(strptime(pattern, text, 'UTC')).toBeUndefined()
  })
})
