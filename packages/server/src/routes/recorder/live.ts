import type { LiveSink } from '@isr/core'
import { LiveQuery } from '../../api/live.js'
import { gone } from '../../http/gone.js'
import { endpoint } from '../../http/endpoint.js'
import { HttpError } from '../../http/http-error.js'
import { Named } from '../named.js'

/** Who takes it more slowly than this is sent away: ten seconds of CD quality. */
const MAX_WAITING_BYTES = 2 << 20

/** `GET /live/<source>` */
export const live = endpoint({
  method: 'get',
  path: '/live/*name',
  summary: 'Listen to a source now: a stream without end, until either side leaves',
  params: Named,
  query: LiveQuery,
  answers: {
    200: { description: 'What is recorded, from about two seconds ago on', contentType: 'audio/*' },
  },
  async handle({ params, query, request, response, signal }, { live: sources, streams }) {
    await streams.run(request.ip ?? '', async () => {
      const sink: LiveSink = {
        write: (bytes) => {
          if (response.writableLength + bytes.length > MAX_WAITING_BYTES) response.destroy()
          else response.write(bytes)
        },
        end: () => void response.end(),
      }
      const stream = await sources.listen(params.name, sink, query)
      if (!stream) {
        if (!sources.knows(params.name)) throw new HttpError(404, 'HTTP_NOT_FOUND', 'there is no source of that name')
        response.setHeader('Retry-After', '1')
        throw new HttpError(503, 'HTTP_NOTHING_YET', 'nothing is recorded from that source now: try again in a second')
      }
      response.writeHead(200, {
        'Content-Type': stream.contentType,
        'Cache-Control': 'no-store',
        'Accept-Ranges': 'none',
        'X-Accel-Buffering': 'no',
      })
      if (signal.aborted || request.method === 'HEAD') {
        stream.close()
        response.end()
        return
      }
      response.write(stream.head)
      await gone(signal)
      stream.close()
    })
  },
})
