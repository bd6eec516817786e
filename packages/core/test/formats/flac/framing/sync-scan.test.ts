import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16 } from '../../../../src/bytes/crc/crc16.js'
import { parseFlacFrameHeader } from '../../../../src/formats/flac/frame-header.js'
import { SyncScan } from '../../../../src/formats/flac/framing/sync-scan.js'
import { FLAC_HEAD_BYTES, parseFlacMagic } from '../../../../src/formats/flac/blocks/metadata-block.js'
import { buildFlacStreamInfo } from '../../../../src/formats/flac/blocks/streaminfo.js'

/** RFC 9639 appendix D.1: a frame of one sample, and the head of its file without other blocks. */
const FRAME = [0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf, 0x03, 0x58, 0xfd, 0x03, 0x12, 0x8b, 0xaa, 0x9a]
const INFO = { minBlockSize: 4096, maxBlockSize: 4096, minFrameBytes: 15, maxFrameBytes: 15, sampleRateHz: 44100 }
const BODY = buildFlacStreamInfo({ ...INFO, channels: 2, bitsPerSample: 16, totalSamples: 1, md5: new Uint8Array(16) })
const HEAD = [0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34, ...BODY]

/** Bytes that look like sync codes and are none, true frames and true heads. */
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => [...bytes]),
  fc.constantFrom([0xff], [0xff, 0xf8], [0xff, 0xf9, 0xff], [0x66, 0x4c], [0x66, 0x4c, 0x61, 0x43, 9], FRAME, [
    ...HEAD,
    ...FRAME,
  ]),
)
const streams = fc.array(pieces, { maxLength: 30, size: 'max' }).map((parts) => Uint8Array.from(parts.flat()))

/** Every place where a frame or a head begins, looked for byte by byte. */
function slowly(bytes: Uint8Array, from: number): number[] {
  const found: number[] = []
  for (let at = from; at < bytes.length; at++) {
    if (parseFlacFrameHeader(bytes, at)) found.push(at)
    else if (bytes.length - at >= FLAC_HEAD_BYTES && parseFlacMagic(bytes, at)) found.push(at)
  }
  return found
}

describe('SyncScan', () => {
  it('finds what a look at every byte finds, also when two take turns', () => {
    let frames = 0
    fc.assert(
      fc.property(streams, streams, fc.nat(60), (bytes, others, skipped) => {
        const start = Math.min(skipped, bytes.length)
        const scan = new SyncScan(bytes, start)
        const other = new SyncScan(others, 0)
        const found: number[] = []
        for (let at = start; ;) {
          other.next(0, true)
          const point = scan.next(at, true)
          if (typeof point === 'number') {
            expect(point).toBe(Math.max(start, bytes.length))
            break
          }
          found.push(point.at)
          at = point.at + 1
        }
        expect(found).toEqual(slowly(bytes, start))
        frames += found.length
        const middle = (start + bytes.length) >>> 1
        expect(scan.crc16(middle, bytes.length, scan.crc16(start, middle, 0x1234))).toBe(
          crc16(bytes, start, bytes.length, 0x1234),
        )
      }),
      { numRuns: 300 },
    )
    expect(frames).toBeGreaterThan(300)
  })

  it('waits with what more bytes may decide', () => {
    const bytes = Uint8Array.from([1, 2, 3, ...HEAD, ...FRAME])
    expect(new SyncScan(bytes.subarray(0, 20), 0).next(0, false)).toBe(3)
    expect(new SyncScan(bytes.subarray(0, 5), 0).next(0, false)).toBe(0)
    expect(new SyncScan(bytes, 0).next(0, false)).toMatchObject({ at: 3, head: { sizeBytes: HEAD.length } })
    expect(new SyncScan(bytes, 4).next(9, true)).toMatchObject({ at: 3 + HEAD.length, frame: { number: 0 } })
    expect(new SyncScan(new Uint8Array(0), 5).next(5, true)).toBe(5)
  })
})
