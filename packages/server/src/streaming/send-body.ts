import type { ServerResponse } from 'node:http'
import { systemClock } from '@isr/core'
import { readBody, readBodyNow, type FileBody } from './file-body.js'
import type { ByteSpan } from './range.js'
import { SendBuffers } from './send-buffers.js'

/** What fits is sent in one piece together with its headers. */
const SMALL_BYTES = 64 * 1024
/** What players ask for again and again: read without a thread. */
const TINY_BYTES = 16 * 1024

/** Sends parts of a body one after another, then ends the response. Resolves when it is sent or the client is gone; never rejects. */
export async function sendBody(response: ServerResponse, body: FileBody, pieces: readonly Piece[]): Promise<void> {
  try {
    const [only] = pieces
    if (pieces.length === 1 && !(only instanceof Uint8Array) && only.end - only.start <= SMALL_BYTES)
      return await sendSmall(response, body, only)
    for (const piece of pieces) {
      const sent = piece instanceof Uint8Array ? await write(response, piece) : await sendSpan(response, body, piece)
      if (!sent) return
    }
    response.end()
  } finally {
    body.file.release()
  }
}

/** Bytes as they are, or a part of the body. */
export type Piece = Uint8Array | ByteSpan

async function sendSmall(response: ServerResponse, body: FileBody, { start, end }: ByteSpan): Promise<void> {
  if (end - start <= TINY_BYTES) {
    const bytes = readBodyNow(body, start, end)
    return void (bytes.length === end - start ? response.end(bytes) : response.destroy())
  }
  const bytes = Buffer.allocUnsafe(end - start)
  for (let at = 0; at < bytes.length;) {
    const count = await readInto(body, bytes.subarray(at), start + at, end)
    if (count === 0) return void response.destroy()
    at += count
  }
  response.end(bytes)
}

/** Two buffers take turns: one is read into while the other is sent. False when the client is gone or the file became shorter. */
async function sendSpan(response: ServerResponse, body: FileBody, { start, end }: ByteSpan): Promise<boolean> {
  const buffers = new SendBuffers(systemClock)
  const writes: Promise<boolean>[] = [Promise.resolve(true), Promise.resolve(true)]
  let sent = true
  let at = start
  for (let turn = 0; at < end && sent; turn = 1 - turn) {
    sent = await writes[turn]
    if (!sent) break
    const buffer = buffers.next(turn)
    const count = await readInto(body, buffer, at, end)
    if (count === 0) {
      // fewer bytes than announced: the client must not take it for whole
      response.destroy()
      sent = false
      break
    }
    writes[turn] = write(response, buffer.subarray(0, count))
    at += count
  }
  sent = (await Promise.all(writes)).every(Boolean) && sent
  buffers.release(sent)
  return sent
}

/** 0 when nothing can be read. */
function readInto(body: FileBody, into: Uint8Array, start: number, end: number): Promise<number> {
  return new Promise((resolve) => readBody(body, into, start, end, (error, bytes) => resolve(error ? 0 : bytes)))
}

/** Resolves when the bytes have left: true, or the client is gone: false. */
function write(response: ServerResponse, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed || response.writableEnded) return resolve(false)
    const gone = () => resolve(false)
    response.once('close', gone)
    response.write(bytes, (error) => {
      response.off('close', gone)
      resolve(!error)
    })
  })
}
