import type { LibraryQuery } from '@isr/core'
import type { z } from 'zod'
import { FilesAnswer, FilesQuery } from '../api/recordings.js'
import { answeredBefore, sendJson } from '../http/answer-json.js'
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
  async handle({ query, request, response }, { listing }) {
    if (answeredBefore(request, response, listing.etag)) return
    const { bytes, etag } = await listing.list(toLibraryQuery(query))
    response.setHeader('ETag', etag)
    sendJson(request, response, bytes)
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
