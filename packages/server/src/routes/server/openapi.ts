import { z } from 'zod'
import { endpoint, type Endpoint } from '../../http/endpoint.js'
import { openApiDocument } from '../../openapi/document.js'

/** `GET /api/openapi.json` */
export function openApi(endpoints: () => readonly Endpoint[]): Endpoint {
  let document: object | undefined
  return endpoint({
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This description',
    answers: {
      200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }) },
    },
    handle({ response }) {
      document ??= openApiDocument(endpoints())
      response.json(document)
    },
  })
}
