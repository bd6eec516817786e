import { endpoint } from '../../http/endpoint.js'
import { Named } from '../named.js'

const answers = {
  200: { description: 'The whole recording; of a growing one what can be played so far', contentType: 'audio/*' },
  206: { description: 'The part that the Range header asks for', contentType: 'audio/*' },
  304: { description: 'It has not changed' },
}

/** `GET /stream/<name>` */
export const stream = endpoint({
  method: 'get',
  path: '/stream/*name',
  summary: 'Play a recording, in parts too, also while it grows',
  params: Named,
  answers,
  handle: ({ params, request, response }, { streamer }) => streamer.answer(request, response, params.name, 'inline'),
})

/** `GET /download/<name>` */
export const download = endpoint({
  method: 'get',
  path: '/download/*name',
  summary: 'Save a recording',
  params: Named,
  answers,
  handle: ({ params, request, response }, { streamer }) =>
    streamer.answer(request, response, params.name, 'attachment'),
})
