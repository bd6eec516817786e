import express, { type ErrorRequestHandler, type Router } from 'express'
import type { ServerContext } from './context.js'
import { errorBody, HttpError, toHttpError } from './http/http-error.js'
import { endpoints } from './routes/index.js'

/** The API as a router: mount it in any Express application. */
export function createRouter(context: ServerContext): Router {
  const router = express.Router({ caseSensitive: true })
  for (const entry of endpoints) entry.mount(router, context)
  router.use((request) => {
    throw new HttpError(404, 'HTTP_NOT_FOUND', `there is no ${request.method} ${request.path}`)
  })
  const answerError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    const answer = toHttpError(error)
    if (answer.status >= 500) context.log.error({ err: error, url: request.originalUrl }, 'request failed')
    if (response.headersSent) return next(error)
    response.status(answer.status).json(errorBody(answer))
  }
  router.use(answerError)
  return router
}
