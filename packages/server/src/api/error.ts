import { z } from 'zod'

/** Body of every answer that is not what was asked for. */
export const ErrorBody = z
  .object({
    error: z.object({
      code: z.string().describe('Stable, for programs: `ISR_...` or `HTTP_...`'),
      message: z.string().describe('For people: what is wrong and how to mend it'),
    }),
  })
  .describe('What went wrong')

/** Body of every answer that is not what was asked for. */
export type ErrorBody = z.infer<typeof ErrorBody>
