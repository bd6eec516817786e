import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorBody, HttpError } from '../http/http-error.js'
import type { FileBody } from './file-body.js'
import { multipart } from './multipart.js'
import { parseRange, type ByteSpan } from './range.js'
import { sendBody } from './send-body.js'

/** What is said of a file beside its bytes. */
export interface FileAnswer {
  /** Media type. */
  readonly contentType: string
  /** Strong validator with its quotes; absent for what is still growing. */
  readonly etag?: string
  /** Last change; absent for what is still growing. */
  readonly modifiedAt?: number
  /** `Content-Disposition`. */
  readonly disposition: string
}

/** Go with every recording, names and values in turn: it is nothing but sound, and for our own pages. */
export const SAFE_HEADERS = [
  'X-Content-Type-Options',
  'nosniff',
  'Cross-Origin-Resource-Policy',
  'same-origin',
] as const

/** Answers GET or HEAD for a file: whole, in parts, not modified, or that there is no such part. Releases the file. Never rejects. */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  body: FileBody,
  answer: FileAnswer,
): Promise<void> {
  const { sizeBytes } = body
  const { contentType } = answer
  setHeaders(response, fileHeaders(answer))
  if (isNotModified(request, answer)) return finish(response, body, 304)
  const spans = appliesRange(request, answer) ? parseRange(request.headers.range, sizeBytes) : undefined
  if (spans?.length === 0) return refuse(response, body)
  const status = spans ? 206 : 200
  const whole: ByteSpan = { start: 0, end: sizeBytes }
  const parts = spans && spans.length > 1 ? multipart(spans, sizeBytes, contentType) : undefined
  const [only] = spans ?? [whole]
  if (status === 206 && !parts) response.setHeader('Content-Range', `bytes ${only.start}-${only.end - 1}/${sizeBytes}`)
  response.setHeader('Content-Type', parts?.contentType ?? contentType)
  response.setHeader('Content-Length', parts?.sizeBytes ?? only.end - only.start)
  if (request.method === 'HEAD' || sizeBytes === 0) return finish(response, body, status)
  response.statusCode = status
  await sendBody(response, body, parts?.pieces ?? [only])
}

/** @param headers - names and values in turn */
export function setHeaders(response: ServerResponse, headers: readonly string[]): void {
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at], headers[at + 1])
}

/** Headers of every answer for a file, names and values in turn. */
export function fileHeaders({ etag, modifiedAt, disposition }: FileAnswer): readonly string[] {
  return [
    ...['Accept-Ranges', 'bytes', 'Content-Disposition', disposition],
    ...['Cache-Control', etag === undefined ? 'no-store' : 'private, no-cache'],
    ...(etag === undefined ? [] : ['ETag', etag]),
    ...(modifiedAt === undefined ? [] : ['Last-Modified', new Date(modifiedAt).toUTCString()]),
  ]
}

/** @source RFC 9110 §13.1.2, §13.1.3 */
function isNotModified({ headers }: IncomingMessage, { etag, modifiedAt }: FileAnswer): boolean {
  if (etag === undefined) return false
  const tags = headers['if-none-match']
  if (tags !== undefined) return tags === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  const since = Date.parse(headers['if-modified-since'] ?? '')
  return modifiedAt !== undefined && Math.floor(modifiedAt / 1000) * 1000 <= since
}

/** @source RFC 9110 §13.1.5 */
function appliesRange({ headers }: IncomingMessage, { etag, modifiedAt }: FileAnswer): boolean {
  const condition = headers['if-range']
  if (typeof condition !== 'string') return true
  if (condition.startsWith('"')) return condition === etag
  return modifiedAt !== undefined && new Date(modifiedAt).toUTCString() === condition
}

function refuse(response: ServerResponse, body: FileBody): void {
  body.file.release()
  response.setHeader('Content-Range', `bytes */${body.sizeBytes}`)
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.statusCode = 416
  const error = new HttpError(416, 'HTTP_RANGE', `the file has ${body.sizeBytes} bytes: nothing of that range is there`)
  response.end(JSON.stringify(errorBody(error)))
}

function finish(response: ServerResponse, body: FileBody, status: number): void {
  body.file.release()
  response.statusCode = status
  response.end()
}
