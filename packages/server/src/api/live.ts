import { z } from 'zod'

/** `GET /live/<source>` */
export const LiveQuery = z.object({
  container: z
    .enum(['own', 'fmp4'])
    .default('own')
    .describe(
      '`own`: as the source sends it; `fmp4`: what Media Source Extensions take, fragmented MP4 for FLAC, Opus and AAC, others as `own`',
    ),
})
