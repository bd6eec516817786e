import type { Request, Response } from 'express'

/** Says how long an answer holds. @returns whether the client has it already: then it is answered */
export function answeredBefore(request: Request, response: Response, etag: string): boolean {
  response.setHeader('Cache-Control', 'private, no-cache')
  response.setHeader('ETag', etag)
  const tags = request.headers['if-none-match']?.split(',') ?? []
  if (!tags.some((tag) => tag.trim() === etag)) return false
  response.status(304).end()
  return true
}

/** Sends JSON that is text or bytes already. */
export function sendJson(request: Request, response: Response, json: string | Buffer): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(json))
  response.end(request.method === 'HEAD' ? undefined : json)
}
