import { advanceCrc16 } from '../../bytes/crc16-advance.js'
import { crc16 } from '../../bytes/crc16.js'
import { crc8 } from '../../bytes/crc8.js'
import { flacNumberLength, writeFlacNumber, type FlacFrameHeader } from './frame-header.js'

/** Size of `frame` once it carries `number`. */
function renumberedLength(frameBytes: number, header: FlacFrameHeader, number: number): number {
  return frameBytes - header.numberBytes + flacNumberLength(number)
}

/**
 * Writes `frame` with another frame or sample number into `out` at `offset`: number, CRC-8 and CRC-16 change, the subframes do not.
 * The CRC-16 is corrected by what the header changed, so the cost does not grow with the frame; a frame whose CRC-16 was wrong keeps it wrong.
 * @returns how many bytes were written
 * @source RFC 9639 §9.1.5, §9.1.8, §9.3
 */
export function renumberFlacFrameInto(
  out: Uint8Array,
  offset: number,
  frame: Uint8Array,
  header: FlacFrameHeader,
  number: number,
): number {
  const afterNumber = 4 + header.numberBytes
  out.set(frame.subarray(0, 4), offset)
  let at = offset + 4 + writeFlacNumber(out, offset + 4, number)
  for (let index = afterNumber; index < header.headerBytes - 1; index++) out[at++] = frame[index]
  out[at] = crc8(out, offset, at)
  at++
  const changed = crc16(frame, 0, header.headerBytes) ^ crc16(out, offset, at)
  out.set(frame.subarray(header.headerBytes), at)
  at += frame.length - header.headerBytes
  const correction = advanceCrc16(changed, frame.length - header.headerBytes - 2)
  out[at - 2] ^= correction >>> 8
  out[at - 1] ^= correction & 0xff
  return at - offset
}

/** `frame` with another frame or sample number; the same bytes when it carries that number already. */
export function renumberFlacFrame(frame: Uint8Array, header: FlacFrameHeader, number: number): Uint8Array {
  if (number === header.number && header.numberBytes === flacNumberLength(number)) return frame
  const out = new Uint8Array(renumberedLength(frame.length, header, number))
  renumberFlacFrameInto(out, 0, frame, header, number)
  return out
}
