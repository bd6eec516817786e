import { z } from 'zod'
import { Moment } from './recordings.js'

const Level = z.object({
  rmsDb: z.array(z.number()).describe('By channel, dBFS'),
  peakDb: z.array(z.number()).describe('By channel, dBFS'),
})

/** What one source is doing. */
export const SourceStatus = z.looseObject({
  source: z.string().describe('Its name'),
  state: z.enum(['idle', 'connecting', 'recording', 'waiting', 'stopping', 'stopped', 'failed']),
  file: z.string().optional().describe('The file being written'),
  startedAt: Moment.optional().describe('Wall clock of its first sample'),
  durationSeconds: z.number().optional().describe('Audio in it so far'),
  sizeBytes: z.int().optional().describe('Its size so far'),
  recordings: z.int().describe('Files closed since the start'),
  receivedBytes: z.int().describe('Bytes received since the start'),
  bitrateBps: z.number().describe('Of the last seconds; 0 when nothing comes'),
  recordedSeconds: z.number().describe('Audio since the start'),
  gaps: z.int().describe('Gaps since the start'),
  seams: z.int().describe('Reconnects without a gap since the start'),
  discardedBytes: z
    .record(z.string(), z.int())
    .optional()
    .describe(
      'Received bytes that are in no recording, since the start, by reason; `duplicate`: what came again after a reconnect',
    ),
  url: z.string().optional().describe('Address in use, without secrets'),
  durabilityLagSeconds: z.number().optional().describe('Age of the oldest received frame that is not durable yet'),
  bufferedSeconds: z.number().optional().describe('Received audio that is in memory because it is not durable yet'),
  bufferedBytes: z.int().optional().describe('Its size'),
  storage: z
    .object({
      failingSince: Moment.describe('Since when'),
      code: z.string().describe('Code of the latest fault'),
    })
    .optional()
    .describe('Present while the volume of the recordings takes nothing: audio waits in memory'),
  level: Level.optional().describe('How loud it is now; absent while nothing is measured'),
  title: z.string().optional().describe('What is on air: data, never markup'),
  lastError: z.object({ at: Moment, code: z.string(), message: z.string() }).optional(),
  retryAt: Moment.optional().describe('When the next attempt comes; only while `waiting`'),
})

/** Answer of `GET /api/status`. */
export const StatusAnswer = z.object({
  recording: z.boolean().describe('Whether a recorder runs'),
  updatedAt: Moment.nullable().describe('How old this is; null when no recorder runs'),
  activeFiles: z.array(z.string()).describe('Recordings that are growing'),
  sources: z.array(SourceStatus).describe('One entry per source'),
})

/** Answer of `GET /api/status`. */
export type StatusAnswer = z.infer<typeof StatusAnswer>
