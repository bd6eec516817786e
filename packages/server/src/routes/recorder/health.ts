import { z } from 'zod'
import { endpoint } from '../../http/endpoint.js'
import { recorderStatus } from '../../status/recorder-status.js'

/** Answer of `GET /healthz`. */
const HealthAnswer = z.object({
  ok: z.boolean().describe('Whether all that should grow is growing'),
  failing: z.int().describe('Sources that do not record, or whose volume takes nothing'),
})

const WORKING = new Set(['recording', 'connecting', 'idle'])

/** `GET /healthz`: open to machines without a token, so it names nothing. */
export const health = endpoint({
  method: 'get',
  path: '/healthz',
  summary: 'Whether every source is growing',
  answers: {
    200: { description: 'All is well', schema: HealthAnswer },
    503: { description: 'A source is not growing', schema: HealthAnswer },
  },
  async handle({ response }, context) {
    const { sources } = await recorderStatus(context)
    const failing = sources.filter(({ state, storage }) => !WORKING.has(state) || storage).length
    response.setHeader('Cache-Control', 'no-store')
    response.status(failing > 0 ? 503 : 200).json({ ok: failing === 0, failing })
  },
})
