import { createHash } from 'node:crypto'
import { DaysAnswer, DaysQuery } from '../../api/days.js'
import { answeredBefore, sendJson } from '../../http/answer-json.js'
import { endpoint } from '../../http/endpoint.js'
import { daysOf } from '../../review/days/days.js'
import { levelStrips } from '../../review/days/level-strips.js'

/** `GET /api/days` */
export const days = endpoint({
  method: 'get',
  path: '/api/days',
  summary: 'What was recorded on each day, by source, with its gaps, and how loud it was',
  query: DaysQuery,
  answers: { 200: { description: 'The days', schema: DaysAnswer }, 304: { description: 'Nothing has changed' } },
  async handle({ query, request, response, signal }, { library, listing, review }) {
    const { from, to, source, levels: slots } = query
    if (slots === undefined && answeredBefore(request, response, listing.etag)) return
    const sources = source === undefined ? undefined : [source].flat()
    const wanted = { ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(sources && { sources }) }
    const days = daysOf(library.entries, library.gaps, wanted, library.quiet)
    if (slots === undefined) return sendJson(request, response, JSON.stringify({ days }))
    const dates = new Set(days.map(({ date }) => date))
    const strips = await levelStrips(
      library.entries,
      review.curves,
      { dates, slots, ...(sources && { sources }) },
      signal,
    )
    const nothing = Array.from({ length: slots }, () => null)
    const withLevels = days.map((day) => ({
      ...day,
      sources: day.sources.map((row) => ({ ...row, levels: strips.get(`${day.date} ${row.source}`) ?? nothing })),
    }))
    const body = JSON.stringify({ days: withLevels })
    // levels of what grows, and of what was measured meanwhile, are no business of the library: the answer itself tells
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    if (!answeredBefore(request, response, etag)) sendJson(request, response, body)
  },
})
