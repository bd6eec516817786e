import { formatUtcOffset } from '@isr/core'
import { SectionsAnswer, SectionsQuery } from '../../api/review/sections.js'
import { endpoint } from '../../http/endpoint.js'

const MAX_MISSING = 100

/** `GET /api/sections` */
export const sections = endpoint({
  method: 'get',
  path: '/api/sections',
  summary: 'What was found in all recordings of a span, as one queue',
  query: SectionsQuery,
  answers: { 200: { description: 'Sections in order', schema: SectionsAnswer } },
  async handle({ query, response, signal }, { review }) {
    const { from, to, source, order, min_score: minScore, limit, offset } = query
    const found = await review.sections.find(
      {
        ...(from && { from: from.getTime() }),
        ...(to && { to: to.getTime() }),
        ...(source !== undefined && { sources: [source].flat() }),
        ...(minScore !== undefined && { minScore }),
        order,
      },
      signal,
    )
    const isHeard = await review.notes.heard()
    const answer: SectionsAnswer = {
      sections: found.slice(offset, limit).map(({ entry, start, end, peak, score }) => ({
        file: entry.name,
        source: entry.source,
        start,
        end,
        from: new Date(entry.startedAt + start * 1000).toISOString(),
        to: new Date(entry.startedAt + end * 1000).toISOString(),
        utcOffset: formatUtcOffset(entry.utcOffsetMinutes),
        peak,
        score,
        heard: isHeard(entry.name, start, end),
      })),
      total: found.total,
      analysed: found.analysed,
      missing: found.missing.slice(0, MAX_MISSING),
      missingTotal: found.missing.length,
    }
    response.setHeader('Cache-Control', 'private, no-cache')
    response.json(answer)
  },
})
