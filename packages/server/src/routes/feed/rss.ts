import { FeedQuery } from '../../api/feeds.js'
import { rssOf } from '../../feeds/rss.js'
import { endpoint } from '../../http/endpoint.js'
import { answerFeed } from './answer-feed.js'

/** `GET /feed.rss` */
export const rss = endpoint({
  method: 'get',
  path: '/feed.rss',
  summary: 'Finished recordings as a podcast, latest first',
  query: FeedQuery,
  answers: {
    200: { description: 'The feed', contentType: 'application/rss+xml' },
    304: { description: 'Nothing has changed since the answer with that ETag' },
  },
  handle(exchange, context) {
    const { source } = exchange.query
    const title = source === undefined ? 'Recordings' : `Recordings of ${[source].flat().join(', ')}`
    const path = exchange.request.url.slice(1)
    answerFeed(exchange, context, 'application/rss+xml', (items, link) =>
      rssOf({ title, link, self: `${link}${path}` }, items),
    )
  },
})
