import { read, readSync } from 'node:fs'
import type { OpenedFile } from './open-files.js'

/** What is sent of a file: every byte at its own offset, the first ones in a version that fits the length. */
export interface FileBody {
  /** Bytes in all. */
  readonly sizeBytes: number
  /** Sent in place of the first bytes of the file. */
  readonly head: Uint8Array
  /** The file. */
  readonly file: Pick<OpenedFile, 'fd' | 'release'>
}

/**
 * Reads bytes `start` <= byte < `end` into `into`, as many as fit.
 * @param done - called with how many were read; 0 when the file has become shorter; or with the error
 */
export function readBody(
  { head, file }: FileBody,
  into: Uint8Array,
  start: number,
  end: number,
  done: (error: Error | null, bytes: number) => void,
): void {
  const length = Math.min(into.length, end - start)
  if (start < head.length) {
    const part = head.subarray(start, Math.min(head.length, start + length))
    into.set(part)
    if (part.length === length) return done(null, length)
    return read(file.fd, into, part.length, length - part.length, head.length, (error, bytes) =>
      done(error, error || bytes === 0 ? 0 : part.length + bytes),
    )
  }
  read(file.fd, into, 0, length, start, done)
}

/**
 * Reads bytes `start` <= byte < `end` at once. For small parts of files that were read a moment ago: the system has them in memory,
 * and to ask a thread for them costs more than they do.
 * @returns fewer when the file has become shorter
 */
export function readBodyNow({ head, file }: FileBody, start: number, end: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(end - start)
  const fromHead = head.subarray(start, Math.min(head.length, end))
  bytes.set(fromHead)
  let at = fromHead.length
  while (at < bytes.length) {
    const count = readSync(file.fd, bytes, at, bytes.length - at, start + at)
    if (count === 0) break
    at += count
  }
  return at === bytes.length ? bytes : bytes.subarray(0, at)
}
