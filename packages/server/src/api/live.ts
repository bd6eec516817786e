import { z } from 'zod'

/** `GET /live/<source>` */
export const LiveQuery = z.object({
  container: z
    .enum(['own', 'fmp4', 'mse'])
    .default('own')
    .describe(
      '`own`: as the source sends it; `fmp4`: fragmented MP4 for FLAC, Opus and AAC, others as `own`; `mse`: what Media Source Extensions take, the same and WebM for Vorbis',
    ),
})
