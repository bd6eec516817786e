import { z } from 'zod'
import { askedInt, AskedMoment, askedNumber } from '../asked.js'
import { SectionRow } from '../analysis.js'
import { Moment } from '../recordings.js'

/** Query of `GET /api/sections`. */
export const SectionsQuery = z.object({
  from: AskedMoment.optional().describe('Sections that end after this moment'),
  to: AskedMoment.optional().describe('Sections that begin before this moment'),
  source: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Name of a source; may be given several times'),
  order: z.enum(['time', 'score']).default('time').describe('`time`: earliest first; `score`: highest first'),
  min_score: askedNumber(-1000, 1000).optional().describe('Only sections that score as much, in dB'),
  limit: askedInt(1, 10_000).default(500).describe('How many at most'),
  offset: askedInt(0, 1e9).default(0).describe('How many of the first to leave out'),
})

/** Answer of `GET /api/sections`. */
export const SectionsAnswer = z.object({
  sections: z.array(
    SectionRow.extend({
      file: z.string().describe('Name of the recording'),
      source: z.string(),
      from: Moment.describe('Wall clock of its start'),
      to: Moment.describe('Wall clock of its end'),
      utcOffset: z.string().describe('Offset of the zone from UTC then'),
      heard: z.boolean().describe('Somebody has marked it as heard'),
    }),
  ),
  total: z.int().describe('How many match in all'),
  analysed: z.int().describe('Recordings in the span whose sections are known'),
  missing: z
    .array(z.string())
    .describe('Recordings in the span that are not analysed, latest first: at most 100 names'),
  missingTotal: z.int().describe('How many are not analysed'),
})

/** Answer of `GET /api/sections`. */
export type SectionsAnswer = z.infer<typeof SectionsAnswer>
