import { StatusAnswer } from '../../api/status.js'
import { endpoint } from '../../http/endpoint.js'
import { recorderStatus } from '../../status/recorder-status.js'

/** `GET /api/status` */
export const status = endpoint({
  method: 'get',
  path: '/api/status',
  summary: 'What the recorder does',
  answers: { 200: { description: 'Every source and the files that grow', schema: StatusAnswer } },
  async handle({ response }, context) {
    response.setHeader('Cache-Control', 'no-store')
    response.json(await recorderStatus(context))
  },
})
