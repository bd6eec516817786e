import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { FeedQuery } from '../../api/feeds.js'
import type { ServerContext } from '../../context.js'
import { feedItems, type FeedItem } from '../../feeds/feed-items.js'
import { basePathOf } from '../../http/base-path.js'

/** What a feed is asked for, and where its answer goes. */
interface FeedExchange {
  readonly query: z.output<typeof FeedQuery>
  readonly request: Request
  readonly response: Response
}

/** Answers with a feed, or with 304 when nothing has changed since the last one. */
export function answerFeed(
  { query, request, response }: FeedExchange,
  context: ServerContext,
  type: string,
  write: (items: readonly FeedItem[], base: string) => string,
): void {
  const { library, listing } = context
  response.setHeader('Cache-Control', 'private, no-cache')
  response.setHeader('ETag', listing.etag)
  if (request.headers['if-none-match'] === listing.etag) return void response.status(304).end()
  // the name was looked at already; who is behind a proxy that may be trusted tells Express so
  const base = `${request.protocol}://${request.headers.host}${basePathOf(request, context)}/`
  const { source, limit } = query
  const items = feedItems(library, base, {
    ...(source !== undefined && { sources: [source].flat() }),
    ...(limit !== undefined && { limit }),
  })
  response.setHeader('Content-Type', `${type}; charset=utf-8`)
  response.send(write(items, base))
}
