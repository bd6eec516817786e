import { z } from 'zod'
import { askedNumber, AskedMoment } from './asked.js'

const Seconds = askedNumber(0, 1e9)

/** Query of `GET /api/cut` and `GET /api/clip`. */
export const SpanQuery = z.object({
  file: z.string().min(1).max(2000).describe('Name of the recording'),
  start: Seconds.describe('From the start of the recording, in seconds'),
  end: Seconds.describe('From the start of the recording, in seconds'),
})

/** Query of `GET /api/cut`. */
export const CutQuery = SpanQuery.extend({
  container: z.enum(['m4a']).optional().describe('`m4a`: AAC in MP4, where it is exact'),
})

/** Query of `GET /api/export`. */
export const ExportQuery = z.object({
  source: z.string().min(1).max(500).describe('Name of the source'),
  from: AskedMoment.describe('Wall clock where the span begins'),
  to: AskedMoment.describe('Wall clock where it ends'),
  as: z.enum(['wav', 'flac']).optional().describe('Decoded, so that recordings of different formats become one file'),
  fill: z.enum(['silence']).optional().describe('`silence`: where nothing was recorded'),
})
