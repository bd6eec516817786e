import { z } from 'zod'
import { gone } from '../../http/gone.js'
import { endpoint } from '../../http/endpoint.js'

const EventsQuery = z.object({
  levels: z.enum(['0', '1']).optional().describe('`1`: levels of every source too, up to four times a second'),
})

/** Keeps proxies from closing what is silent. */
const BEAT_MS = 15_000
/** Who reads more slowly than this is sent away, and comes back with the id of the last event. */
const MAX_WAITING_BYTES = 1 << 20

/** `GET /api/events` */
export const events = endpoint({
  method: 'get',
  path: '/api/events',
  summary: 'Everything that recorder and library announce, as server-sent events',
  query: EventsQuery,
  answers: {
    200: {
      description:
        'Events with ids; `Last-Event-ID` goes on where a client was cut off, `reset` tells that it missed some',
      contentType: 'text/event-stream',
    },
  },
  async handle({ query, request, response, signal }, { hub, clock, streams }) {
    await streams.run(request.ip ?? '', async () => {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
      if (request.method === 'HEAD') return void response.end()
      response.write('retry: 2000\n\n')
      const take = ({ text }: { readonly text: string }) => {
        if (response.writableLength > MAX_WAITING_BYTES) response.destroy()
        else response.write(text)
      }
      const lastId = request.headers['last-event-id']
      const unlisten = hub.listen(
        { levels: query.levels === '1', take },
        typeof lastId === 'string' ? lastId : undefined,
      )
      let beat = clock.after(BEAT_MS, function again() {
        response.write(':\n\n')
        beat = clock.after(BEAT_MS, again)
      })
      await gone(signal)
      beat.cancel()
      unlisten()
    })
  },
})
