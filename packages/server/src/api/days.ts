import { z } from 'zod'
import { askedInt } from './asked.js'
import { Moment } from './recordings.js'

/** A day of the calendar: `2026-11-22`. */
export const Day = z.iso.date()

/** Query of `GET /api/days`. */
export const DaysQuery = z.object({
  from: Day.optional().describe('First day; the first that holds a recording without it'),
  to: Day.optional().describe('Last day'),
  source: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Name of a source; may be given several times'),
  levels: askedInt(1, 1440)
    .optional()
    .describe('How loud each of so many slots of a day is, too: 288 are five minutes'),
})

const Totals = {
  recordings: z.int().describe('How many begin on this day'),
  durationSeconds: z.number().describe('Their audio'),
  bytes: z.int().describe('Their size'),
}

/** Answer of `GET /api/days`. */
export const DaysAnswer = z.object({
  days: z
    .array(
      z.object({
        date: Day.describe('In the zone of the recordings'),
        ...Totals,
        active: z.boolean().describe('Something is recorded into this day now'),
        gaps: z.int().describe('How many begin on this day'),
        gapSeconds: z.number().describe('Time that was not recorded'),
        sources: z.array(
          z.object({
            source: z.string(),
            ...Totals,
            spans: z
              .array(z.tuple([z.number(), z.number()]))
              .describe('Where there is audio, in seconds from the midnight of this day; joined where it touches'),
            levels: z
              .array(z.number().nullable())
              .optional()
              .describe(
                'RMS in dBFS of the loudest 20 s that touch each slot of the day; null where nothing was recorded or measured. With `levels`',
              ),
            quiet: z
              .array(z.tuple([z.number(), z.number()]))
              .describe('Where a sound-activated source listened and kept nothing, as `spans`; no gaps'),
            gaps: z
              .array(z.object({ from: Moment, to: Moment, cause: z.string() }))
              .describe('Time that was not recorded'),
          }),
        ),
      }),
    )
    .describe('Latest first; days of which nothing is known are left out'),
})

/** Answer of `GET /api/days`. */
export type DaysAnswer = z.infer<typeof DaysAnswer>
