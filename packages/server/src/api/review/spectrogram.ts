import { z } from 'zod'
import { askedInt, askedNumber } from '../asked.js'

const Seconds = askedNumber(0, 1e9)
const Hertz = askedNumber(1, 1e6)

/** Query of `GET /api/spectrogram`. */
export const SpectrogramQuery = z.object({
  file: z.string().min(1).max(2000).describe('Name of the recording'),
  from: Seconds.optional().describe('From the start of the recording, in seconds; its start without it'),
  to: Seconds.optional().describe(
    'From the start of the recording, in seconds; its end, as far as it is known, without it',
  ),
  width: askedInt(1, 2000).default(800).describe('How many columns, of equal length'),
  height: askedInt(1, 512).default(128).describe('How many bands, of equal width on a logarithmic scale'),
  min_hz: Hertz.optional().describe('Where the lowest band begins; 40 without it'),
  max_hz: Hertz.optional().describe('Where the highest band ends; half the sampling rate without it'),
})
