import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Analyzer, Editor, openLibrary, RemovalDesk, systemClock, type Clock, type Library } from '@isr/core'
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import { pino, type Logger } from 'pino'
import type { ServerContext } from './context.js'
import type { StationView } from './station-view.js'
import { pageDirectory } from '@isr/ui'
import { sweepMadeFolders } from './costly/made-folder.js'
import { CostlyQueue, STREAM_LIMITS } from './costly/queue.js'
import { EventHub } from './events/event-hub.js'
import { basePathOf, redirectToSlash } from './http/base-path.js'
import { FastPath } from './http/fast-path.js'
import { errorBody, HttpError, toHttpError } from './http/http-error.js'
import { answerOtherMethods } from './http/other-methods.js'
import { fileRow } from './listing/file-row.js'
import { Listing } from './listing/listing.js'
import { LiveSources } from './live/live-sources.js'
import { Metrics } from './metrics/metrics.js'
import { AnalysisIndex } from './review/analyses/analysis-index.js'
import { Review } from './review/review.js'
import { endpoints } from './routes/index.js'
import { Access } from './security/access.js'
import { Guard } from './security/guard.js'
import { Streamer } from './streaming/streamer.js'

/** Options of an {@link IsrApp}. */
export interface AppOptions {
  /** Folder of the recordings; it may be read-only, and may appear later. */
  readonly directory: string
  /** Folder of the analyses. @defaultValue `analyses` in that of the recordings */
  readonly analysesDirectory?: string
  /** The recorder, when it runs in this process: what it does is known at once. */
  readonly station?: StationView
  /** RMS above which something is loud, for who does not say; 0 to 1. @defaultValue 0.05 */
  readonly threshold?: number
  /** Quiet that ends a section, in seconds, for who does not say. @defaultValue 2 */
  readonly minGapSeconds?: number
  /** Without it nobody comes in. @defaultValue none is needed */
  readonly token?: string
  /** Names under which this server may be asked, beside addresses and `localhost`. @defaultValue none */
  readonly allowedHosts?: readonly string[]
  /** Path under which people reach this server, `/recordings`; it answers without it, too. @defaultValue where the router is mounted */
  readonly basePath?: string
  /** For whoever runs the server. @defaultValue silent */
  readonly log?: Logger
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/** The API over a folder of recordings: a router for any Express application, or a handler for an HTTP server. */
export class IsrApp implements AsyncDisposable {
  /** Mount it where you like: `app.use('/recordings', isr.router)`. */
  readonly router: Router
  /** What is in the folder. */
  readonly library: Library
  readonly #context: ServerContext
  readonly #fastPath: FastPath
  readonly #handler: (request: IncomingMessage, response: ServerResponse) => void

  private constructor(context: ServerContext, guard: Guard) {
    this.library = context.library
    this.#context = context
    this.router = createRouter(context, guard)
    this.#fastPath = new FastPath(
      guard,
      context.streamer,
      (error, { url }) => logError(context.log, error, url),
      context.basePath,
    )
    const app = express()
    app.disable('x-powered-by')
    app.set('etag', false)
    // a proxy may hand paths on whole, or without what is its own
    if (context.basePath) app.use(context.basePath, this.router)
    app.use(this.router)
    this.#handler = app
  }

  /** Looks at the folder and is ready to answer. */
  static async open(options: AppOptions): Promise<IsrApp> {
    const { directory, station, clock = systemClock, log = pino({ level: 'silent' }) } = options
    const liveFiles = () => station?.status.sources.flatMap(({ recording }) => recording ?? []) ?? []
    const library = await openLibrary({ directory, clock, ...(station && { liveFiles }) })
    const analysesDirectory = options.analysesDirectory ?? join(directory, 'analyses')
    const belongings = new Set<(name: string) => Promise<void>>([(name) => removeAnalyses(analysesDirectory, name)])
    const removals = new RemovalDesk({
      directory,
      clock,
      onRemoved: async (name) => {
        for (const remove of belongings) await remove(name)
      },
      onFault: (error) => log.error({ err: error }, 'a recording could not be removed'),
    })
    await sweepMadeFolders()
    await removals.recover((name) => ({ name, by: 'user', source: library.get(name)?.source ?? '', run: '' }))
    const access = new Access(options.token, clock)
    const analyses = new AnalysisIndex({ directory: analysesDirectory, clock })
    const hub = new EventHub(library, station, (entry) => fileRow(entry, analyses.get(entry)))
    const analyzer = new Analyzer({ threads: 2, analysesDirectory })
    const editor = new Editor({ threads: 2 })
    await analyses.start()
    const review = new Review({ directory, analysesDirectory, library, analyses, analyzer, editor, hub, clock, log })
    await review.notes.start()
    belongings.add((name) => review.notes.forget(name))
    const context: ServerContext = {
      directory,
      analysesDirectory,
      basePath: options.basePath ?? '',
      library,
      defaults: { threshold: options.threshold ?? 0.05, minGapSeconds: options.minGapSeconds ?? 2 },
      removals,
      analyzer,
      editor,
      costly: new CostlyQueue(),
      streams: new CostlyQueue(STREAM_LIMITS),
      access,
      listing: new Listing(library, analyses),
      streamer: new Streamer({ directory, library, clock }),
      live: new LiveSources({ directory, library, clock, ...(station && { station }) }),
      hub,
      review,
      metrics: new Metrics(),
      ...(station && { station }),
      clock,
      log,
    }
    const hosts = new Set((options.allowedHosts ?? []).map((name) => name.toLowerCase()))
    return new IsrApp(context, new Guard(access, hosts))
  }

  /** Answers a request of an HTTP server. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { metrics } = this.#context
    if (this.#fastPath.takeSmall(request, response)) return metrics.count(206)
    response.once('finish', () => metrics.count(response.statusCode))
    if (!this.#fastPath.take(request, response)) this.#handler(request, response)
  }

  /** Ends; requests under way are answered. */
  async close(): Promise<void> {
    const { streamer, live, removals, analyzer, editor, review } = this.#context
    live.close()
    streamer.close()
    await Promise.all([review.close(), removals.close(), analyzer.close(), editor.close()])
    await this.library.close()
  }

  /** Same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function removeAnalyses(directory: string, name: string): Promise<void> {
  for (const ending of ['analysis.json', 'levels']) await rm(join(directory, `${name}.${ending}`), { force: true })
}

function isVisit({ method, path, headers }: Request): boolean {
  return method === 'GET' && !path.startsWith('/api/') && headers['sec-fetch-mode'] === 'navigate'
}

function createRouter(context: ServerContext, guard: Guard): Router {
  const router = express.Router({ caseSensitive: true })
  const check: RequestHandler = (request, response, next) => {
    try {
      guard.check(request, request.path)
    } catch (error) {
      // a person who comes with a browser gets a page to log in
      if (isVisit(request) && toHttpError(error).status === 401)
        return response.redirect(303, `${basePathOf(request, context)}/login`)
      throw error
    }
    next()
  }
  router.use(
    securityHeaders(),
    redirectToSlash,
    check,
    express.json({ limit: '100kb' }),
    express.urlencoded({ limit: '10kb', extended: false }),
  )
  for (const entry of endpoints) entry.mount(router, context)
  answerOtherMethods(router, endpoints)
  router.use(express.static(pageDirectory, { redirect: false, dotfiles: 'ignore', maxAge: 0 }))
  router.use((request) => {
    throw new HttpError(404, 'HTTP_NOT_FOUND', `there is no ${request.method} ${request.path}`)
  })
  const answerError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const answer = toHttpError(error)
    logError(context.log, answer, request.originalUrl)
    // amid an answer nothing else may be said; the client must not take it for whole
    if (response.headersSent) return void response.destroy()
    response.setHeader('Cache-Control', 'no-store')
    response.status(answer.status).json(errorBody(answer))
  }
  router.use(answerError)
  return router
}

/** No inline script or style, nothing from elsewhere. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'blob:', 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // whether there is TLS is the business of the proxy that brings it
    strictTransportSecurity: false,
  })
}

function logError(log: Logger, error: HttpError, url: string | undefined): void {
  // a query may hold what somebody has typed into the wrong place
  const path = url?.replace(/[?#].*/s, '')
  if (error.status >= 500 && error.status !== 503) log.error({ err: error.cause ?? error, path }, 'request failed')
  else log.debug({ code: error.code, path }, error.message)
}
