import { FeedQuery } from '../../api/feeds.js'
import { m3uOf } from '../../feeds/m3u.js'
import { endpoint } from '../../http/endpoint.js'
import { answerFeed } from './answer-feed.js'

/** `GET /feed.m3u` */
export const m3u = endpoint({
  method: 'get',
  path: '/feed.m3u',
  summary: 'Finished recordings as a playlist, latest first',
  query: FeedQuery,
  answers: {
    200: { description: 'The playlist', contentType: 'audio/x-mpegurl' },
    304: { description: 'Nothing has changed since the answer with that ETag' },
  },
  handle: (exchange, context) => answerFeed(exchange, context, 'audio/x-mpegurl', m3uOf),
})
