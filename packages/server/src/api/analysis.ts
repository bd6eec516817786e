import { z } from 'zod'
import { askedNumber } from './asked.js'
import { Moment } from './recordings.js'

/** A loud stretch of a recording. */
export const SectionRow = z.object({
  start: z.number().describe('From the start of the recording, in seconds'),
  end: z.number().describe('From the start of the recording, in seconds'),
  peak: z.number().describe('Highest RMS of 100 ms in it; 1 is full scale'),
  score: z.number().describe('How much it matters, in dB'),
})

/** Query of `GET /api/analyze`. */
export const AnalyzeQuery = z.object({
  file: z.string().min(1).max(2000).describe('Name of the recording'),
  threshold: askedNumber(0, 1).optional().describe('Fixed level above which something is loud'),
  min_gap: askedNumber(0, 3600).optional().describe('Quiet that ends a section, in seconds'),
  detector: z
    .enum(['adaptive', 'threshold'])
    .optional()
    .describe('Default: `threshold` when a threshold or gap is given, else `adaptive`'),
  loudness: z.enum(['0', '1']).optional().describe('`1`: EBU R 128 loudness too'),
})

/** Answer of `GET /api/analyze`. */
export const AnalyzeAnswer = z.looseObject({
  duration: z.number().describe('Length of the audio, in seconds'),
  window_ms: z.int().describe('Length of the windows that were measured'),
  threshold: z.number().optional().describe('Of the detector `threshold`'),
  min_gap: z.number().optional().describe('Quiet that ends a section, in seconds'),
  channels: z.int(),
  sample_rate: z.int(),
  started_at: Moment.optional(),
  detector: z.object({ name: z.string(), version: z.int(), parameters: z.record(z.string(), z.number()) }),
  rms_display: z.array(z.number()).describe('At most 800 points of equal length, 1 is full scale'),
  sections: z.array(SectionRow).describe('In order of time'),
  highlight_score: z
    .number()
    .optional()
    .describe('From this score on a section stands out; absent for fixed thresholds'),
  thresholds: z
    .array(z.object({ start: z.number().describe('In seconds'), rms: z.number().describe('1 is full scale') }))
    .optional()
    .describe('What 100 ms must reach to be loud, each until the next; absent in analyses kept by versions before'),
})

/** Answer of `GET /api/analyze`. */
export type AnalyzeAnswer = z.infer<typeof AnalyzeAnswer>
