import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorBody, HttpError } from './http-error.js'

/** By the code of Node's HTTP parser; everything else is no HTTP. */
const FAULTS: Readonly<Record<string, HttpError | undefined>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new HttpError(408, 'HTTP_TIMEOUT', 'the request came too slowly'),
  HPE_HEADER_OVERFLOW: new HttpError(431, 'HTTP_HEADERS_TOO_LARGE', 'the headers are too large'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new HttpError(413, 'HTTP_TOO_LARGE', 'the body is too large'),
}
const NO_HTTP = new HttpError(400, 'HTTP_BAD_REQUEST', 'the request cannot be understood')
const NO_PROXY = new HttpError(405, 'HTTP_METHOD', 'this server is no proxy')
const NO_EXPECTATION = new HttpError(417, 'HTTP_EXPECTATION', 'only 100-continue can be expected')
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
}

/** Answers what never becomes a request: each in JSON as everything else, and the connection ends. */
export function answerConnectionFaults(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // a player that leaves is no fault, and amid an answer nothing else may be said
    const isBusy = (socket as { readonly _httpMessage?: ServerResponse | null })._httpMessage?.headersSent
    if (error.code === 'ECONNRESET' || !socket.writable || isBusy) socket.destroy()
    else refuse(socket, FAULTS[error.code ?? ''] ?? NO_HTTP)
  })
  server.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => {})
    refuse(socket, NO_PROXY)
  })
  server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify(errorBody(NO_EXPECTATION))
    response.writeHead(NO_EXPECTATION.status, { 'Content-Type': 'application/json; charset=utf-8' }).end(body)
  })
}

function refuse(socket: Duplex, error: HttpError): void {
  const body = JSON.stringify(errorBody(error))
  socket.end(
    `HTTP/1.1 ${error.status} ${REASONS[error.status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    // whoever goes on sending is not listened to
    () => socket.destroy(),
  )
}
