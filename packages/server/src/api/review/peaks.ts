import { z } from 'zod'
import { askedInt, askedNumber } from '../asked.js'

const Seconds = askedNumber(0, 1e9)

/** Query of `GET /api/peaks`. */
export const PeaksQuery = z.object({
  file: z.string().min(1).max(2000).describe('Name of the recording'),
  from: Seconds.optional().describe('From the start of the recording, in seconds; its start without it'),
  to: Seconds.optional().describe(
    'From the start of the recording, in seconds; its end, as far as it is known, without it',
  ),
  points: askedInt(1, 4000).default(800).describe('How many points, of equal length'),
  channels: z.enum(['0', '1']).optional().describe('`1`: each channel by itself, too'),
})

const Levels = z.array(z.number().nullable())
const Curve = {
  min: Levels.describe('Least sample of each point, -1 to 1; null where there is no audio'),
  max: Levels.describe('Greatest sample'),
  rms: Levels.describe('Root of the mean power'),
}

/** Answer of `GET /api/peaks`. */
export const PeaksAnswer = z.object({
  file: z.string(),
  from: z.number().describe('Where the first point begins, in seconds'),
  to: z.number().describe('Where the last point ends'),
  active: z.boolean().describe('It is growing: what is null may come'),
  detail: z
    .enum(['samples', 'levels'])
    .describe('`levels`: of windows of 100 ms and more, then `min` is -`max`; `samples`: of the audio itself'),
  measuredSeconds: z.number().nullable().describe('How much of a recording is measured; null for samples'),
  channels: z.int().describe('Number of channels in the recording'),
  ...Curve,
  byChannel: z.array(z.object(Curve)).optional().describe('With `channels=1`'),
})

/** Answer of `GET /api/peaks`. */
export type PeaksAnswer = z.infer<typeof PeaksAnswer>
