import type { LibraryQuery } from '@isr/core'
import type { z } from 'zod'
import { FilesAnswer, FilesQuery } from '../api/recordings.js'
import { endpoint } from '../http/endpoint.js'

/** `GET /api/files` */
export const files = endpoint({
  method: 'get',
  path: '/api/files',
  summary: 'Recordings, latest first',
  query: FilesQuery,
  answers: {
    200: { description: 'The recordings that match', schema: FilesAnswer },
    304: { description: 'Nothing has changed since the answer with that ETag' },
  },
  handle({ query, request, response }, { listing }) {
    response.setHeader('Cache-Control', 'private, no-cache')
    response.setHeader('ETag', listing.etag)
    if (request.headers['if-none-match'] === listing.etag) {
      response.status(304).end()
      return
    }
    const { bytes } = listing.list(toLibraryQuery(query))
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.setHeader('Content-Length', bytes.length)
    response.end(request.method === 'HEAD' ? undefined : bytes)
  },
})

function toLibraryQuery({ limit, offset, q, from, to, source }: z.output<typeof FilesQuery>): LibraryQuery {
  return {
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
    ...(q !== undefined && { text: q }),
    ...(from && { from: from.getTime() }),
    ...(to && { to: to.getTime() }),
    ...(source !== undefined && { sources: [source].flat() }),
  }
}
