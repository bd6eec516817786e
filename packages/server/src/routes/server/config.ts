import { VERSION } from '@isr/core'
import { z } from 'zod'
import { endpoint } from '../../http/endpoint.js'

const ConfigAnswer = z.object({
  version: z.string().describe('Of the server'),
  threshold: z.number().describe('RMS above which something is loud, 0 to 1'),
  min_gap: z.number().describe('Quiet that ends a section, in seconds'),
  recorder: z.boolean().describe('Whether the recorder runs in the same process'),
  token: z.boolean().describe('Whether a token is needed'),
})

/** `GET /api/config` */
export const config = endpoint({
  method: 'get',
  path: '/api/config',
  summary: 'What holds where a request does not say',
  answers: { 200: { description: 'Defaults of the controls', schema: ConfigAnswer } },
  handle({ response }, { defaults, station, access }) {
    response.json({
      version: VERSION,
      threshold: defaults.threshold,
      min_gap: defaults.minGapSeconds,
      recorder: station !== undefined,
      token: access.isGuarded,
    } satisfies z.input<typeof ConfigAnswer>)
  },
})
