import { DaysAnswer, DaysQuery } from '../api/days.js'
import { endpoint } from '../http/endpoint.js'
import { daysOf } from '../review/days.js'

/** `GET /api/days` */
export const days = endpoint({
  method: 'get',
  path: '/api/days',
  summary: 'What was recorded on each day, by source, with its gaps',
  query: DaysQuery,
  answers: { 200: { description: 'The days', schema: DaysAnswer }, 304: { description: 'Nothing has changed' } },
  handle({ query, request, response }, { library, listing }) {
    response.setHeader('Cache-Control', 'private, no-cache')
    response.setHeader('ETag', listing.etag)
    if (request.headers['if-none-match'] === listing.etag) {
      response.status(304).end()
      return
    }
    const { from, to, source } = query
    const wanted = {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(source !== undefined && { sources: [source].flat() }),
    }
    response.json({ days: daysOf(library.entries, library.gaps, wanted) } satisfies { days: readonly object[] })
  },
})
