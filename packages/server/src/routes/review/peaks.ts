import { createHash } from 'node:crypto'
import { VERSION } from '@isr/core'
import { PeaksAnswer, PeaksQuery } from '../../api/review/peaks.js'
import { answeredBefore, sendJson } from '../../http/answer-json.js'
import { endpoint } from '../../http/endpoint.js'
import { HttpError } from '../../http/http-error.js'
import { peaksText } from '../../review/peaks/peaks-text.js'
import { knownRecording } from '../../listing/known-recording.js'

/** `GET /api/peaks` */
export const peaks = endpoint({
  method: 'get',
  path: '/api/peaks',
  summary: 'A recording as a waveform, at any zoom, also while it grows',
  query: PeaksQuery,
  answers: {
    200: { description: 'Least, greatest and mean of each point', schema: PeaksAnswer },
    304: { description: 'Nothing has changed' },
  },
  async handle({ query, request, response, signal }, context) {
    const entry = knownRecording(context, query.file)
    const { from: fromSeconds = 0, to: toSeconds = entry.durationSeconds ?? 0, points } = query
    if (toSeconds <= fromSeconds) throw new HttpError(400, 'HTTP_BAD_REQUEST', 'to: must be given and later than from')
    const wanted = { entry, fromSeconds, toSeconds, points }
    const byChannel = query.channels === '1'
    const key = JSON.stringify([
      VERSION,
      entry.name,
      entry.startedAt,
      entry.sizeBytes,
      fromSeconds,
      toSeconds,
      points,
      byChannel,
    ])
    const { peaks: curves, peaksBodies: bodies } = context.review
    if (entry.active) response.setHeader('Cache-Control', 'no-store')
    else {
      const etag = `"${createHash('sha256').update(key).digest('base64url').slice(0, 22)}"`
      if (answeredBefore(request, response, etag)) return
      const known = bodies.get(key)
      if (known) return sendJson(request, response, known)
    }
    const found = await curves.find(wanted, signal, (work) => context.costly.run(request.ip ?? '', work))
    const body = Buffer.from(peaksText(wanted, found, byChannel))
    if (!entry.active) bodies.set(key, body)
    sendJson(request, response, body)
  },
})
