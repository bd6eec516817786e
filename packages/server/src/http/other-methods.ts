import type { RequestHandler, Router } from 'express'
import type { Endpoint } from './endpoint.js'
import { HttpError } from './http-error.js'

/** What is there answers OPTIONS, and tells what it takes where it is asked for something else: comes behind all endpoints. */
export function answerOtherMethods(router: Router, endpoints: readonly Endpoint[]): void {
  const methods = new Map<string, Set<string>>()
  for (const { path, method } of endpoints) {
    const known = methods.get(path) ?? new Set(['OPTIONS'])
    known.add(method.toUpperCase())
    if (method === 'get') known.add('HEAD')
    methods.set(path, known)
  }
  for (const [path, known] of methods) router.all(path, answerOther([...known].sort().join(', ')))
}

function answerOther(allowed: string): RequestHandler {
  return (request, response) => {
    response.setHeader('Allow', allowed)
    if (request.method !== 'OPTIONS')
      throw new HttpError(405, 'HTTP_METHOD', `${request.method} is not taken there: ${allowed}`)
    response.status(204).end()
  }
}
