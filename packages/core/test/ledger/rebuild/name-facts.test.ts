import { describe, expect, it } from 'vitest'
import { readName, type KnownNaming } from '../../../src/ledger/rebuild/name-facts.js'

const at = Date.UTC(2026, 10, 22, 16, 0, 5)
const namings: KnownNaming[] = [
  { source: 'Garden', pattern: '%Y/%m/%d/rec_%H%M%S', prefix: 'Garden', timeZone: 'Europe/Berlin' },
  { source: 'Street', pattern: 'st%d%m%Y-%H%M%S', timeZone: 'UTC' },
  { source: '50% off', pattern: '%H%M%S %Y-%m-%d', prefix: '50% off', timeZone: 'UTC' },
]

describe('readName', () => {
  it.each([
    ['2026/11/22/Garden_rec_170005.mp3', 'Garden', 'Europe/Berlin'],
    ['2026/11/22/Garden_rec_170005_2.mp3', 'Garden', 'Europe/Berlin'],
    ['st22112026-160005.opus', 'Street', 'UTC'],
    ['50% off_160005 2026-11-22.wav', '50% off', 'UTC'],
  ])('by the patterns of a configuration: %s', (name, source, timeZone) => {
    expect(readName(name, namings, 'UTC')).toEqual({ startedAt: at, source, timeZone })
  })

  it.each([
    ['20261122_160005.mp3', undefined],
    ['20261122160005.mp3', undefined],
    ['2026-11-22T16-00-05.ogg', undefined],
    ['2026-11-22 16.00.05.flac', undefined],
    ['2026.11.22_16h00m05.flac', undefined],
    ['Radio Eins_2026-11-22_16-00-05.flac', 'Radio Eins'],
    ['kitchen/20261122_160005_1.wav', 'kitchen'],
    ['2026/11/22/16-00-05.wav', undefined],
  ])('as usual: %s', (name, source) => {
    expect(readName(name, [], 'UTC')).toEqual({ startedAt: at, ...(source !== undefined && { source }) })
  })

  it('without seconds, and by the clock of a zone', () => {
    expect(readName('x 2026-11-22 16-00.mp3', [], 'UTC')).toEqual({ startedAt: at - 5000, source: 'x' })
    expect(readName('20261122_170005.mp3', [], 'Europe/Berlin')).toEqual({ startedAt: at })
  })

  it.each(['music.mp3', '1234567890123456789.mp3', '20261322_160005.mp3', '2026-11-22.mp3', '20261122_250005.mp3'])(
    'tells nothing: %s',
    (name) => {
      expect(readName(name, namings, 'UTC')).toBeUndefined()
    },
  )
})
