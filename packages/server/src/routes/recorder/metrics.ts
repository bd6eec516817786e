import { endpoint } from '../../http/endpoint.js'
import { recorderStatus } from '../../status/recorder-status.js'

/** `GET /metrics` */
export const metrics = endpoint({
  method: 'get',
  path: '/metrics',
  summary: 'Numbers for Prometheus',
  answers: { 200: { description: 'Sources and server', contentType: 'text/plain' } },
  async handle({ response }, context) {
    const text = await context.metrics.text(await recorderStatus(context), context.library.size)
    response.setHeader('Content-Type', context.metrics.contentType)
    response.send(text)
  },
})
