import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
/** 8 bits, grey, no interlace. */
const GREY = [8, 0, 0, 0, 0]
/** Each byte as the difference to the one above it: what sounds on packs well. */
const FILTER_UP = 2

const pack = promisify<Uint8Array, Buffer>(deflate)

/**
 * A picture of grey values, a byte each, as PNG. Packed in a thread of the system.
 * @source PNG (Third Edition), W3C Recommendation, chapters 5, 9 and 11
 */
export async function greyPng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  const rows = Buffer.alloc(height * (width + 1))
  for (let row = 0; row < height; row++) {
    rows[row * (width + 1)] = FILTER_UP
    for (let column = 0; column < width; column++) {
      const at = row * width + column
      // bytes wrap
      rows[row * (width + 1) + 1 + column] = pixels[at] - (row > 0 ? pixels[at - width] : 0)
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set(GREY, 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', await pack(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(body, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
