import { advanceCrc16 } from '../../bytes/crc/crc16-advance.js'
import { crc16 } from '../../bytes/crc/crc16.js'
import { crc8 } from '../../bytes/crc/crc8.js'
import { flacNumberLength, writeFlacNumber, type FlacFrameHeader } from './frame-header.js'

/** How much longer a frame may become: its number takes 1 to 7 bytes. */
export const MOST_GROWTH_BYTES = 6
/** Second byte of a frame: whether the number is that of a sample. @source RFC 9639 §9.1 */
const BLOCKING_BIT = 1

/**
 * Writes `frame` with another frame or sample number into `out` at `offset`: number, CRC-8 and CRC-16 change, the subframes do not.
 * The CRC-16 is corrected by what the header changed, so the cost does not grow with the frame; a frame whose CRC-16 was wrong keeps it wrong.
 * @param variableBlockSize - whether `number` is that of the first sample, not of the frame
 * @returns how many bytes were written
 * @source RFC 9639 §9.1.5, §9.1.8, §9.3
 */
export function renumberFlacFrameInto(
  out: Uint8Array,
  offset: number,
  frame: Uint8Array,
  header: FlacFrameHeader,
  number: number,
  variableBlockSize: boolean,
): number {
  const afterNumber = 4 + header.numberBytes
  for (let index = 0; index < 4; index++) out[offset + index] = frame[index]
  out[offset + 1] = (frame[1] & ~BLOCKING_BIT) | (variableBlockSize ? BLOCKING_BIT : 0)
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

/** Whether a frame carries `number` already, coded as short as it can be. */
export function isNumbered(header: FlacFrameHeader, number: number, variableBlockSize: boolean): boolean {
  const same = header.number === number && header.variableBlockSize === variableBlockSize
  return same && header.numberBytes === flacNumberLength(number)
}

/** Gives frames other numbers, one at a time. Keeps its buffer. */
export class FlacRenumberer {
  #bytes = new Uint8Array(0)

  /**
   * `frame` with another number, valid until the next call; the same bytes when it carries that already.
   * @param variableBlockSize - whether `number` is that of the first sample, not of the frame
   */
  renumber(frame: Uint8Array, header: FlacFrameHeader, number: number, variableBlockSize: boolean): Uint8Array {
    if (isNumbered(header, number, variableBlockSize)) return frame
    const needed = frame.length + MOST_GROWTH_BYTES
    if (this.#bytes.length < needed) this.#bytes = new Uint8Array(2 * needed)
    return this.#bytes.subarray(0, renumberFlacFrameInto(this.#bytes, 0, frame, header, number, variableBlockSize))
  }
}
