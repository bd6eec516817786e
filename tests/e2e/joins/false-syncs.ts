import { parseFrameHeader } from '../../../packages/core/src/formats/mpeg/frame-header.js'
import { mainDataBytesUsed } from '../../../packages/core/src/formats/mpeg/side-info.js'
import { randomIntegers } from './random-cuts.js'

const FLAC_BLOCK = 4096
/** 4096 samples, 44.1 kHz, two independent channels, 16 bits. */
const FLAC_SYNC = Buffer.of(0xff, 0xf8, 0xc9, 0x18)

/**
 * Stereo noise of 16 bits in which every block of 4096 samples holds frame headers: right CRC-8, right number of the next
 * frame. Noise is stored as it is, so they stand in the FLAC stream, too.
 * @source RFC 9639 §9.1, §9.2.2 (verbatim subframe)
 */
export function noiseWithFlacHeaders(blocks: number): Buffer {
  const random = randomIntegers(99)
  const pcm = Buffer.alloc(blocks * FLAC_BLOCK * 4)
  for (let at = 0; at < pcm.length; at += 2) pcm.writeInt16LE(random(65536) - 32768, at)
  for (let block = 0; block < blocks; block++) {
    for (const [sample, number] of [
      [300, block],
      [1500, block + 1],
      [1501 + random(2000), block + 1],
    ]) {
      const header = flacHeader(number)
      for (let index = 0; index * 2 < header.length; index++) {
        pcm.writeUInt16LE(header.readUInt16BE(index * 2), (block * FLAC_BLOCK + sample + index) * 4)
      }
    }
  }
  return pcm
}

/** Of even length. */
function flacHeader(number: number): Buffer {
  const coded = number < 0x80 ? [number] : [0xc0 | (number >> 6), 0x80 | (number & 63)]
  const header = [...FLAC_SYNC, ...coded]
  let crc = 0
  for (const byte of header) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1
  }
  header.push(crc)
  if (header.length % 2 === 1) header.push(0x55)
  return Buffer.from(header)
}

/** How often a FLAC frame header of {@link noiseWithFlacHeaders}'s form stands in `stream`. */
export function countFlacHeaders(stream: Buffer): number {
  let count = 0
  for (let at = stream.indexOf(FLAC_SYNC); at >= 0; at = stream.indexOf(FLAC_SYNC, at + 1)) count++
  return count
}

/** 32 kb/s at 44.1 kHz, stereo: a frame of 104 bytes. */
const FALSE_MP3_HEADER = Buffer.of(0xff, 0xfb, 0x10, 0x64)
const FALSE_MP3_FRAME_BYTES = 104

/**
 * MP3 of 320 kb/s without bit reservoir, with headers of 32 kb/s in the bytes that no frame uses: each where the frame of the
 * one before ends, so that they prove one another.
 */
export function withFalseMp3Headers(stream: Buffer): { readonly stream: Buffer; readonly planted: number } {
  const hostile = Buffer.from(stream)
  let planted = 0
  for (let at = 0; at < stream.length;) {
    const end = at + 1044 + ((stream[at + 2] >> 1) & 1)
    const frame = stream.subarray(at, end)
    const header = parseFrameHeader(frame)
    if (header?.frameBytes !== frame.length) throw new Error(`no frame of 320 kb/s at ${at}`)
    let place = at + header.mainDataOffset + mainDataBytesUsed(frame, header)
    for (; place + 4 <= end; place += FALSE_MP3_FRAME_BYTES, planted++) FALSE_MP3_HEADER.copy(hostile, place)
    at = end
  }
  return { stream: hostile, planted }
}
