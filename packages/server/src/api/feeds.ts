import { z } from 'zod'
import { MOST_ITEMS } from '../feeds/feed-items.js'
import { askedInt } from './asked.js'

/** Query of `GET /feed.m3u` and `GET /feed.rss`. */
export const FeedQuery = z.object({
  source: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Name of a source; may be given several times'),
  limit: askedInt(1, MOST_ITEMS).optional().describe(`How many at most; ${MOST_ITEMS} without it`),
})
