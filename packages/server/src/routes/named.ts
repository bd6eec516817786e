import { z } from 'zod'

/** The name of a recording at the end of a path, in pieces between the slashes, as Express reads it. */
export const Named = z.object({ name: z.array(z.string()).transform((parts) => parts.join('/')) })
