import type { Request, Response, Router } from 'express'
import type { z } from 'zod'
import type { ServerContext } from '../context.js'
import { HttpError } from './http-error.js'

/** Nothing is asked for. */
type Nothing = z.ZodType<Record<string, never>>

/** What a handler gets. */
interface Exchange<Query, Params, Body> {
  /** Checked. */
  readonly query: Query
  /** Checked. */
  readonly params: Params
  /** Checked. */
  readonly body: Body
  /** For headers and sockets. */
  readonly request: Request
  /** Where the answer goes. */
  readonly response: Response
  /** Aborts when the client is gone: costly work ends then. */
  readonly signal: AbortSignal
}

/** What an answer is, for the description of the API and the test that holds it against real answers. */
export interface AnswerSpec {
  /** For people. */
  readonly description: string
  /** Of a JSON body. */
  readonly schema?: z.ZodType
  /** Of any other body. */
  readonly contentType?: string
}

/** One entry of the API: its description, its checks and its handler in one place. */
export interface EndpointSpec<Query extends z.ZodType, Params extends z.ZodType, Body extends z.ZodType> {
  /** HTTP method. */
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As Express writes it: `/api/files/*name`. */
  readonly path: string
  /** One line for people. */
  readonly summary: string
  /** Of the query; unknown parameters are left alone. */
  readonly query?: Query
  /** Of what the path holds. */
  readonly params?: Params
  /** Of the JSON body. */
  readonly body?: Body
  /** By status. Errors are added by themselves. */
  readonly answers: Readonly<Record<number, AnswerSpec>>
  /** Answers, or throws {@link HttpError}. */
  handle(
    exchange: Exchange<z.output<Query>, z.output<Params>, z.output<Body>>,
    context: ServerContext,
  ): Promise<void> | void
}

/** An entry of the API whose types are its own business. */
export interface Endpoint extends Omit<EndpointSpec<z.ZodType, z.ZodType, z.ZodType>, 'handle'> {
  /** Puts it on a router. */
  mount(router: Router, context: ServerContext): void
}

/** Makes an entry of the API; the handler gets what the schemas give. */
export function endpoint<
  Query extends z.ZodType = Nothing,
  Params extends z.ZodType = Nothing,
  Body extends z.ZodType = Nothing,
>(spec: EndpointSpec<Query, Params, Body>): Endpoint {
  const mount = (router: Router, context: ServerContext) => {
    router[spec.method](spec.path, async (request, response) => {
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      const query = checked(spec.query, request.query, 'query')
      const params = checked(spec.params, request.params, 'path')
      const body = checked(spec.body, request.body, 'body')
      await spec.handle({ query, params, body, request, response, signal: gone.signal }, context)
    })
  }
  return { ...spec, mount }
}

function checked<Schema extends z.ZodType>(
  schema: Schema | undefined,
  value: unknown,
  where: string,
): z.output<Schema> {
  if (!schema) return {} as z.output<Schema>
  const result = schema.safeParse(value ?? {})
  if (result.success) return result.data
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || where}: ${message}`)
  throw new HttpError(400, 'HTTP_BAD_REQUEST', faults.join('; '))
}
