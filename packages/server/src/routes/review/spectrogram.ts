import { createHash } from 'node:crypto'
import { VERSION } from '@isr/core'
import { SpectrogramQuery } from '../../api/review/spectrogram.js'
import { answeredBefore } from '../../http/answer-json.js'
import { endpoint } from '../../http/endpoint.js'
import { HttpError } from '../../http/http-error.js'
import { knownRecording } from '../../listing/known-recording.js'

/** `GET /api/spectrogram` */
export const spectrogram = endpoint({
  method: 'get',
  path: '/api/spectrogram',
  summary:
    'A recording as a picture of its frequencies, at any zoom, also while it grows: grey values, 0 is no audio, 255 is 0 dBFS, each step half a decibel',
  query: SpectrogramQuery,
  answers: {
    200: {
      description:
        'The picture, high frequencies at the top; the headers ISR-Lowest-Hz and ISR-Highest-Hz say which. ISR-Sampled: 1 when it is long, and places of each column were looked at',
      contentType: 'image/png',
    },
    304: { description: 'Nothing has changed' },
  },
  async handle({ query, request, response, signal }, context) {
    const entry = knownRecording(context, query.file)
    const { from: startSeconds = 0, to: endSeconds = entry.durationSeconds ?? 0, width, height } = query
    const { min_hz: lowestHz, max_hz: highestHz } = query
    if (endSeconds <= startSeconds)
      throw new HttpError(400, 'HTTP_BAD_REQUEST', 'to: must be given and later than from')
    const shape = {
      ...{ startSeconds, endSeconds, columns: width, bands: height },
      ...(lowestHz !== undefined && { lowestHz }),
      ...(highestHz !== undefined && { highestHz }),
    }
    const key = JSON.stringify([VERSION, entry.name, entry.startedAt, entry.sizeBytes, shape])
    const { spectrograms } = context.review
    if (entry.active) response.setHeader('Cache-Control', 'no-store')
    else {
      const etag = `"${createHash('sha256').update(key).digest('base64url').slice(0, 22)}"`
      if (answeredBefore(request, response, etag)) return
    }
    const picture =
      (entry.active ? undefined : spectrograms.known(key)) ??
      (await context.costly.run(request.ip ?? '', () => spectrograms.draw(key, entry, shape, signal)))
    response.setHeader('Content-Type', 'image/png')
    response.setHeader('Content-Length', picture.png.length)
    response.setHeader('ISR-Lowest-Hz', String(picture.lowestHz))
    response.setHeader('ISR-Highest-Hz', String(picture.highestHz))
    if (picture.isSampled) response.setHeader('ISR-Sampled', '1')
    response.end(request.method === 'HEAD' ? undefined : picture.png)
  },
})
