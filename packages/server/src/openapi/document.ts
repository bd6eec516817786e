import { VERSION } from '@isr/core'
import { z } from 'zod'
import { ErrorBody } from '../api/error.js'
import type { AnswerSpec, Endpoint } from '../http/endpoint.js'

/** The API's own description. @source OpenAPI Specification 3.1.1 */
export function openApiDocument(endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const entry of endpoints) {
    const path = openApiPath(entry.path)
    paths[path] = { ...paths[path], [entry.method]: operation(entry) }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'ISR', version: VERSION, description: 'Recordings over HTTP. Errors are JSON, with a stable code.' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(ErrorBody) },
    },
    security: [{}, { token: [] }],
  }
}

/** `/stream/*name` of Express is `/stream/{name}` here. */
function openApiPath(path: string): string {
  return path.replace(/[*:](\w+)/g, '{$1}')
}

function operation({ summary, query, params, body, answers }: Endpoint): object {
  const responses = Object.entries(answers).map(([code, answer]) => [code, responseOf(answer)] as const)
  const error = { description: 'What is wrong', content: { 'application/json': { schema: refToError } } }
  return {
    summary,
    parameters: [...parametersOf('query', query), ...parametersOf('path', params)],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: { ...Object.fromEntries(responses), default: error },
  }
}

const refToError = { $ref: '#/components/schemas/Error' }

function responseOf({ description, schema, contentType }: AnswerSpec): object {
  if (schema) return { description, content: { 'application/json': { schema: schemaOf(schema) } } }
  return contentType === undefined ? { description } : { description, content: { [contentType]: {} } }
}

function parametersOf(place: 'query' | 'path', schema: z.ZodType | undefined): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema)
  return Object.entries(properties).map(([name, property]) => {
    // a path is one text, however the router takes it apart
    const type = place === 'path' ? { type: 'string' } : property
    const { description } = property as { description?: string }
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: type,
    }
  })
}

function schemaOf(schema: z.ZodType): { properties?: Record<string, object>; required?: string[] } {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest as { properties?: Record<string, object>; required?: string[] }
}
