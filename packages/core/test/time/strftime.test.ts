import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { formatIso, strftime, utcOffsetMinutes } from '../../src/time/strftime.js'
import { askStrftime, type StrftimeAnswer, type StrftimeQuestion } from '../support/strftime-oracle.js'

const CODES = [...'aAwdbBmyYHIpMSfzZjUWcxX%GuVeDFTRnthCklsPrg']
/** With flags and modifiers Python hands these to the C library, which knows nothing of the datetime's zone. */
const PYTHONS_OWN = 'zZf'

/** Abbreviations are those of today: Newfoundland's NDDT of 1988 is none. */
const from = Date.parse('2012-01-01')
const to = Date.parse('2037-01-01')

/** A directive of any kind: known, unknown, with flags, width and modifier. */
const directive = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CODES).map((code) => `%${code}`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.string({ unit: fc.constantFrom('-', '_', '0', '^', '#'), maxLength: 2 }),
        fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 24 }).map(String)),
        fc.constantFrom('', '', 'E', 'O'),
        fc.constantFrom(
          ...[...'aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyY'].filter((c) => !PYTHONS_OWN.includes(c)),
        ),
      )
      // glibc is not of one mind about `#` before a modifier that its code does not have
      .map(([flags, width, modifier, code]) => `%${flags}${width}${flags.includes('#') ? '' : modifier}${code} `),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('_', '-', 'rec ', '/', '%%', ':', 'é', '日本', '.', ' %+ ', ' %! ', ' %é ', ' %5 '),
  },
)

const question: fc.Arbitrary<StrftimeQuestion> = fc.record({
  pattern: fc.array(directive, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
  at: fc.integer({ min: from, max: to }),
  timeZone: fc.constantFrom(
    ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham'],
    ...['Europe/London', 'America/St_Johns', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Africa/Johannesburg', 'Asia/Tokyo'],
  ),
})

/** Moments at which weeks, years and halves of the day begin and end. */
function edges(): StrftimeQuestion[] {
  const pattern = CODES.map((code) => `${code}=%${code}`).join('|')
  const questions: StrftimeQuestion[] = []
  for (let year = 1990; year < 2032; year++) {
    for (const day of [-3, -2, -1, 0, 1, 2, 3, 58, 59, 60]) {
      questions.push({ pattern, at: Date.UTC(year, 0, 1 + day, day % 2 ? 0 : 12), timeZone: 'UTC' })
    }
  }
  for (let hour = 0; hour < 24; hour++) {
    questions.push({ pattern, at: Date.UTC(2026, 2, 5, hour, 59, 59, 999), timeZone: 'Europe/Berlin' })
  }
  return questions
}

describeWithTools(['python3'], 'strftime against Python', () => {
  const judge = (questions: readonly StrftimeQuestion[], each: (q: StrftimeQuestion, a: StrftimeAnswer) => void) => {
    askStrftime(questions).forEach((answer, index) => each(questions[index], answer))
  }

  it('writes what Python writes, for every code, flag, width and modifier', () => {
    const questions = [...edges(), ...fc.sample(question, { numRuns: 8000, seed: 17 })]
    judge(questions, (asked, { text }) => {
      expect(strftime(asked.pattern, asked.at, asked.timeZone), JSON.stringify(asked)).toBe(text)
    })
  })

  it('knows the same offsets', () => {
    const old = fc.sample(fc.integer({ min: Date.parse('1972-01-01'), max: from }), 1000)
    const zones = fc.sample(question, 2000)
    const questions = zones.map((asked, index) => (index < old.length ? { ...asked, at: old[index] } : asked))
    judge(questions, (asked, { offsetSeconds, iso }) => {
      expect(utcOffsetMinutes(asked.at, asked.timeZone) * 60).toBe(offsetSeconds)
      expect(iso.endsWith(strftime('%H:%M:%S.%f%:z', asked.at, asked.timeZone).replace('.000000', ''))).toBe(true)
    })
  })

  it('writes seconds of old offsets', () => {
    const asked = { pattern: '%z', at: Date.UTC(1971, 0, 1), timeZone: 'Africa/Monrovia' }
    judge([asked], (_, { text, offsetSeconds }) => {
      expect(text).toBe('-004430')
      expect(strftime('%z %:z', asked.at, asked.timeZone)).toBe('-004430 -00:44:30')
      expect(utcOffsetMinutes(asked.at, asked.timeZone) * 60).toBe(offsetSeconds)
    })
  })
})

describe('strftime', () => {
  const moment = Date.UTC(2026, 2, 5, 14, 7, 8, 250)

  it('writes the names that recordings get', () => {
    expect(strftime('%Y%m%d_%H%M%S', moment, 'America/New_York')).toBe('20260305_090708')
    expect(strftime('%Y/%m/%d/rec_%-H%p', moment, 'UTC')).toBe('2026/03/05/rec_14PM')
  })

  it('keeps what is no code, and a pattern that ends amid one', () => {
    expect(strftime('100% %Q %', moment, 'UTC')).toBe('100% %Q %')
    expect(strftime('%5', moment, 'UTC')).toBe('   %5')
    expect(strftime('', moment, 'UTC')).toBe('')
  })

  it('counts a moment as its nearest millisecond', () => {
    expect(strftime('%H:%M:%S.%f', Date.UTC(2026, 0, 1, 17) - 0.3, 'UTC')).toBe('17:00:00.000000')
    expect(strftime('%H:%M:%S.%f', Date.UTC(2026, 0, 1, 17) - 0.7, 'UTC')).toBe('16:59:59.999000')
    expect(formatIso(Date.UTC(2026, 0, 1, 17) - 0.3)).toBe('2026-01-01T17:00:00.000Z')
  })

  it('does not fill memory with a hostile width', () => {
    expect(strftime('%999999999999d', moment, 'UTC')).toHaveLength(255)
    expect(strftime('%_999999999999999999999q', moment, 'UTC')).toHaveLength(255)
  })

  it('uses the time zone of the system by default', () => {
    const system = Intl.DateTimeFormat().resolvedOptions().timeZone
    expect(strftime('%c %z', moment)).toBe(strftime('%c %z', moment, system))
    expect(utcOffsetMinutes(moment)).toBe(0 - new Date(moment).getTimezoneOffset())
  })

  it('refuses a zone or a moment that is none', () => {
    const refusal = expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }) as Error
    expect(() => strftime('%Y', moment, 'Nowhere/Land')).toThrow(refusal)
    expect(() => strftime('%Y', NaN, 'UTC')).toThrow(refusal)
    expect(() => formatIso(Infinity)).toThrow(refusal)
  })
})
