import { z } from 'zod'

/** Answer of `GET /api/storage`. */
export const StorageAnswer = z.object({
  freeBytes: z.number().describe('What an ordinary user may still write'),
  totalBytes: z.number().describe('Size of the volume'),
})

/** Answer of `GET /api/storage`. */
export type StorageAnswer = z.infer<typeof StorageAnswer>
