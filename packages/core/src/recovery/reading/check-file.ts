import { createHash } from 'node:crypto'
import type { Format } from '../../formats/format.js'
import { FrameWalk, type FrameTotals } from './frame-tally.js'

/** A whole file, read once. */
export interface CheckedFile {
  /** What is in it. */
  readonly totals: FrameTotals
  /** Its size. */
  readonly bytes: number
  /** SHA-256 in hex of the bytes before `headerBytes`. */
  readonly headerSha256: string
  /** SHA-256 in hex of the bytes after them. */
  readonly sha256: string
  /** SHA-256 in hex of all bytes; only when asked for. */
  readonly fileSha256?: string
}

/** How a file is read. */
export interface CheckOptions {
  readonly format: Format
  /** Bytes before the first frame. */
  readonly headerBytes: number
  /** Hidden frames that are not counted. */
  readonly prerollFrames: number
  /** Whether to hash the whole file too. Default false. */
  readonly wholeHash?: boolean
  /** Waits between pieces, for work that must not disturb. Default not at all. */
  readonly pause?: () => Promise<void>
}

/** Reads a file once from its start to its end: hashes, frames, checksums. Memory does not grow with the file. */
export async function checkFile(chunks: AsyncIterable<Uint8Array>, options: CheckOptions): Promise<CheckedFile> {
  const { format, headerBytes, prerollFrames, wholeHash, pause } = options
  const walk = new FrameWalk(format, prerollFrames)
  const head = createHash('sha256')
  const rest = createHash('sha256')
  const whole = wholeHash ? createHash('sha256') : undefined
  let bytes = 0
  for await (const chunk of chunks) {
    const inHead = Math.max(0, Math.min(chunk.length, headerBytes - bytes))
    head.update(chunk.subarray(0, inHead))
    rest.update(chunk.subarray(inHead))
    whole?.update(chunk)
    walk.push(chunk)
    bytes += chunk.length
    await pause?.()
  }
  return {
    totals: walk.finish(),
    bytes,
    headerSha256: head.digest('hex'),
    sha256: rest.digest('hex'),
    ...(whole && { fileSha256: whole.digest('hex') }),
  }
}
