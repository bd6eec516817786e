import { crc8 } from '../../bytes/crc/crc8.js'

/** Longest frame header in bytes: 4 fixed, 7 number, 2 block size, 2 rate, 1 CRC-8. */
export const MAX_FRAME_HEADER_BYTES = 16

/** What a FLAC frame header says. */
export interface FlacFrameHeader {
  /** Whether the stream has a variable block size: `number` counts samples then, otherwise frames. */
  readonly variableBlockSize: boolean
  /** Number of the frame (fixed block size) or of its first sample (variable block size). */
  readonly number: number
  /** Samples per channel, 1 to 65535. */
  readonly blockSize: number
  /** Rate in Hz; 0 when STREAMINFO has to say it. */
  readonly sampleRateHz: number
  /** Number of channels, 1 to 8. */
  readonly channels: number
  /** Channel assignment as coded: 0 to 7 independent, 8 left/side, 9 side/right, 10 mid/side. */
  readonly channelAssignment: number
  /** Bits per sample; 0 when STREAMINFO has to say it. */
  readonly bitsPerSample: number
  /** Bytes of the coded number. */
  readonly numberBytes: number
  /** Bytes of the whole header, CRC-8 included. */
  readonly headerBytes: number
}

const SAMPLE_RATES_HZ = [0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000]
const BITS_PER_SAMPLE = [0, 8, 12, -1, 16, 20, 24, 32]

/**
 * Reads the frame header at `offset`; undefined when there is none, it is cut short or its CRC-8 is wrong.
 * @source RFC 9639 §9.1
 */
export function parseFlacFrameHeader(bytes: Uint8Array, offset = 0): FlacFrameHeader | undefined {
  if (bytes.length - offset < 6 || bytes[offset] !== 0xff || (bytes[offset + 1] & 0xfe) !== 0xf8) return undefined
  const blockCode = bytes[offset + 2] >>> 4
  const rateCode = bytes[offset + 2] & 15
  const channelAssignment = bytes[offset + 3] >>> 4
  const bitsPerSample = BITS_PER_SAMPLE[(bytes[offset + 3] >>> 1) & 7]
  if (blockCode === 0 || rateCode === 15 || channelAssignment > 10 || bitsPerSample < 0) return undefined
  if ((bytes[offset + 3] & 1) !== 0) return undefined
  const variableBlockSize = (bytes[offset + 1] & 1) === 1
  const numberBytes = codedNumberBytes(bytes[offset + 4])
  if (numberBytes === 0 || (numberBytes === 7 && !variableBlockSize)) return undefined

  const extraBytes = (blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0) + (rateCode < 12 ? 0 : rateCode === 12 ? 1 : 2)
  const headerBytes = 4 + numberBytes + extraBytes + 1
  if (offset + headerBytes > bytes.length) return undefined
  const number = readCodedNumber(bytes, offset + 4, numberBytes)
  if (number < 0) return undefined

  let at = offset + 4 + numberBytes
  let blockSize = blockCode === 1 ? 192 : blockCode < 6 ? 144 << blockCode : blockCode < 8 ? 0 : 1 << blockCode
  if (blockCode === 6) blockSize = bytes[at++] + 1
  else if (blockCode === 7) {
    blockSize = ((bytes[at] << 8) | bytes[at + 1]) + 1
    at += 2
    if (blockSize > 65535) return undefined
  }
  let sampleRateHz = SAMPLE_RATES_HZ[rateCode]
  if (rateCode === 12) sampleRateHz = bytes[at++] * 1000
  else if (rateCode > 12) {
    sampleRateHz = ((bytes[at] << 8) | bytes[at + 1]) * (rateCode === 14 ? 10 : 1)
    at += 2
  }
  if (sampleRateHz === 0 && rateCode !== 0) return undefined
  if (crc8(bytes, offset, at) !== bytes[at]) return undefined
  return {
    variableBlockSize,
    number,
    blockSize,
    sampleRateHz,
    channels: channelAssignment < 8 ? channelAssignment + 1 : 2,
    channelAssignment,
    bitsPerSample,
    numberBytes,
    headerBytes,
  }
}

/** The number that the frame after `header` carries when nothing is missing. */
export function nextFlacNumber(header: FlacFrameHeader): number {
  return header.number + (header.variableBlockSize ? header.blockSize : 1)
}

/** Length of the coded number whose first byte is `first`, 1 to 7; 0 when it cannot be one. */
function codedNumberBytes(first: number): number {
  if (first < 0x80) return 1
  const ones = Math.clz32(~(first << 24))
  return ones < 2 || ones > 7 ? 0 : ones
}

/** The coded number, or -1. Up to 36 bits, so no shifts. */
function readCodedNumber(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 1) return bytes[offset]
  let value = length === 7 ? 0 : bytes[offset] & ((1 << (7 - length)) - 1)
  for (let index = 1; index < length; index++) {
    const byte = bytes[offset + index]
    if ((byte & 0xc0) !== 0x80) return -1
    value = value * 64 + (byte & 0x3f)
  }
  return value
}

/** How many bytes `number` takes when coded, 1 to 7. */
export function flacNumberLength(number: number): number {
  if (number < 0x80) return 1
  let length = 2
  for (let limit = 0x800; number >= limit && length < 7; length++) limit *= 32
  return length
}

/**
 * Writes `number`, 0 to 2^36 - 1, as FLAC codes it: UTF-8 extended to 7 bytes.
 * @returns the bytes written
 * @source RFC 9639 §9.1.5
 */
export function writeFlacNumber(out: Uint8Array, offset: number, number: number): number {
  const length = flacNumberLength(number)
  if (length === 1) {
    out[offset] = number
    return 1
  }
  let rest = number
  for (let index = length - 1; index > 0; index--) {
    out[offset + index] = 0x80 | (rest % 64)
    rest = Math.floor(rest / 64)
  }
  out[offset] = ((0xff00 >>> length) & 0xff) | rest
  return length
}
