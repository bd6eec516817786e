import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { isTimeZone, utcOffsetMinutes } from '../../src/time/time-zone.js'
import { zoneAbbreviation } from '../../src/time/zone-abbreviation.js'
import { askStrftime, pythonTimeZones } from '../support/strftime-oracle.js'

describeWithTools(['python3'], 'zoneAbbreviation against the tz database', () => {
  it('agrees in every zone, summer and winter', () => {
    const questions = pythonTimeZones()
      .filter(isTimeZone)
      .flatMap((timeZone) =>
        ['2024-01-15', '2024-07-15', '2026-01-15', '2026-07-15'].map((day) => ({
          pattern: '%Z',
          at: Date.parse(`${day}T12:00Z`),
          timeZone,
        })),
      )
    let compared = 0
    const wrong = askStrftime(questions).flatMap(({ text, offsetSeconds }, index) => {
      const { at, timeZone } = questions[index]
      // Two databases of different age may disagree about a zone; its name is then no fault of ours.
      if (utcOffsetMinutes(at, timeZone) * 60 !== offsetSeconds) return []
      compared++
      const mine = zoneAbbreviation(at, timeZone)
      return mine === text ? [] : [`${timeZone} ${new Date(at).toISOString()}: ${mine}, tz database: ${text}`]
    })
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(2000)
  })
})

describe('zoneAbbreviation', () => {
  it('is the offset where nobody has a name for it', () => {
    const at = Date.UTC(2026, 6, 1)
    expect(zoneAbbreviation(at, 'Asia/Kathmandu')).toBe('+0545')
    expect(zoneAbbreviation(at, 'America/Sao_Paulo')).toBe('-03')
    expect(zoneAbbreviation(at, 'Pacific/Marquesas')).toBe('-0930')
    expect(zoneAbbreviation(at, 'Europe/Berlin')).toBe('CEST')
  })
})
