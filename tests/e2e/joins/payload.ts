import { createHash } from 'node:crypto'
import { builtInFormats, DetectingFramer } from '@isr/core'
import { audioPackets } from '../support/ogg-packets.js'
import type { StreamKind } from './streams.js'

/** What of a file came from the source. */
export interface Payload {
  /** Frames (Ogg: packets; PCM: samples of all channels). */
  readonly frames: number
  /** Their bytes, one behind another; FLAC frames without what numbers them. */
  readonly bytes: Buffer
}

/** The frames of a file, the first `hidden` of them left out. A file that holds anything but frames, headers and tags throws. */
export function payloadOf(kind: Pick<StreamKind, 'extension'>, file: Buffer, hidden: number): Payload {
  switch (kind.extension) {
    case '.wav':
      return wavPayload(file)
    case '.ogg':
    case '.opus':
      return joined(audioPackets(file).slice(hidden))
    case '.oga':
      return joined(audioPackets(file).slice(hidden).map(unnumbered))
    case '.flac':
      return joined(framesIn(file).slice(hidden).map(unnumbered))
    case '.mp3':
      return joined(framesIn(file).slice(hidden))
  }
}

/** Bytes as a short text that compares fast. */
export function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function joined(frames: readonly Uint8Array[]): Payload {
  return { frames: frames.length, bytes: Buffer.concat(frames) }
}

function framesIn(file: Buffer): Uint8Array[] {
  const frames: Uint8Array[] = []
  const discards: string[] = []
  const framer = new DetectingFramer({
    formats: builtInFormats,
    sink: {
      onSpan: (span) => void frames.push(...Array.from({ length: span.frames }, (_, frame) => span.frame(frame))),
      onDiscard: (bytes, reason) => void (reason !== 'tag' && discards.push(`${bytes} ${reason}`)),
    },
  })
  framer.push(file)
  framer.flush()
  if (discards.length > 0) throw new Error(`not only frames: ${discards.join(', ')}`)
  return frames
}

/** The data chunk, found by walking the chunks. @source Multimedia Programming Interface 1.0, RIFF */
function wavPayload(file: Buffer): Payload {
  let blockAlign = 0
  for (let at = 12; at + 8 <= file.length;) {
    const [id, size] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)]
    if (id === 'fmt ') blockAlign = file.readUInt16LE(at + 20)
    if (id === 'data') {
      const bytes = file.subarray(at + 8, Math.min(file.length, at + 8 + size))
      return { frames: bytes.length / blockAlign, bytes }
    }
    at += 8 + size + (size & 1)
  }
  throw new Error('no data chunk')
}

/**
 * A FLAC frame without its number and the two CRCs: what must not change when a file is cut.
 * @source RFC 9639 §9.1
 */
function unnumbered(frame: Uint8Array): Uint8Array {
  const numberBytes = frame[4] < 0x80 ? 1 : Math.clz32(~(frame[4] << 24))
  const [blockCode, rateCode] = [frame[2] >>> 4, frame[2] & 15]
  const extraBytes = (blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0) + (rateCode < 12 ? 0 : rateCode === 12 ? 1 : 2)
  const extraAt = 4 + numberBytes
  return Buffer.concat([
    frame.subarray(0, 4),
    frame.subarray(extraAt, extraAt + extraBytes),
    frame.subarray(extraAt + extraBytes + 1, -2),
  ])
}
