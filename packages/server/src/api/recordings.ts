import { z } from 'zod'
import { askedInt, AskedMoment } from './asked.js'

/** A moment with its zone: ISO 8601 in UTC with milliseconds. */
export const Moment = z.iso.datetime({ precision: 3 })

/** One recording. */
export const FileRow = z.object({
  name: z.string().describe('Storage key, with `/` between folders'),
  source: z.string().describe('Name of the source'),
  startedAt: Moment.describe('Wall clock of the first sample'),
  utcOffset: z.string().describe('Offset of the zone from UTC then: `+01:00`'),
  size: z.int().describe('Bytes so far'),
  durationSeconds: z.number().nullable().describe('From samples; null while recording and unknown'),
  active: z.boolean().describe('It is growing now'),
  state: z.enum(['open', 'closed', 'foreign']).describe('`foreign`: no ledger knows it'),
  format: z.string().nullable().describe('`mp3`, `aac`, `ogg`, `flac`, `wav`; null when it cannot be read'),
  codec: z.string().nullable().describe('The codec'),
  sampleRate: z.int().nullable().describe('In Hz'),
  channels: z.int().nullable().describe('Number of channels'),
  run: z.string().nullable().describe('Recordings of one run join without a gap'),
  closedBy: z.string().nullable().describe('Why it ended'),
  titles: z
    .array(z.object({ at: Moment, sample: z.int(), title: z.string() }))
    .describe('What the station said was on air: data, never markup'),
  analysis: z
    .object({
      detector: z.string().describe('`adaptive` or `threshold`'),
      threshold: z.number().nullable().describe('Of the detector `threshold`: level above which something is loud'),
      minGap: z.number().nullable().describe('Quiet that ends a section, in seconds'),
      sections: z.int().describe('How many were found'),
      highlights: z.int().describe('How many of them stand out'),
      topScore: z.number().nullable().describe('The highest score, in dB; null without sections'),
    })
    .nullable()
    .describe('The analysis that was kept; null without one. Long lists are sent before all were read: ask again'),
})

/** One recording. */
export type FileRow = z.infer<typeof FileRow>

/** Query of `GET /api/files`. */
export const FilesQuery = z.object({
  limit: askedInt(1, 1_000_000).optional().describe('How many at most; all without it'),
  offset: askedInt(0, 1e9).optional().describe('How many of the latest to leave out'),
  q: z.string().max(500).optional().describe('Text in names, sources or titles'),
  from: AskedMoment.optional().describe('Recordings with audio at or after this moment'),
  to: AskedMoment.optional().describe('Recordings that begin before this moment'),
  source: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Name of a source; may be given several times'),
})

/** Answer of `GET /api/files`. */
export const FilesAnswer = z.object({
  files: z.array(FileRow).describe('Latest first'),
  total: z.int().describe('How many match in all'),
})

/** Answer of `GET /api/files`. */
export type FilesAnswer = z.infer<typeof FilesAnswer>
