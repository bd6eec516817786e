import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import { LiveAdtsPatcher } from '../../../src/live/patchers/live-adts-patcher.js'
import { frameAll, framesOf, offsetsOf, randomIntegers } from '../../formats/support/framing.js'
import { audioKind, encodeKind } from '../../support/audio-kinds.js'
import { drive } from '../support/growing.js'

const endByte = (file: Uint8Array, size: number) => drive(new LiveAdtsPatcher(), file, size).view.endByte

/** A frame of `length` bytes that holds another stream's frames, back to back. */
function frameAround(header: Uint8Array, length: number, inner: Uint8Array): Uint8Array {
  const frame = new Uint8Array(length)
  frame.set(header.subarray(0, 7))
  frame[3] = (frame[3] & 0xfc) | (length >>> 11)
  frame[4] = (length >>> 3) & 0xff
  frame[5] = (frame[5] & 0x1f) | ((length & 7) << 5)
  frame.set(inner.subarray(0, length - 7), 7)
  return frame
}

describeWithTools(['ffmpeg'], 'LiveAdtsPatcher', () => {
  const stream = encodeKind(audioKind('AAC'), 8)

  it('ends with the last whole frame', () => {
    const ends = offsetsOf(framesOf(frameAll(aacFormat, stream)))
    const random = randomIntegers(5)
    for (let turn = 0; turn < 300; turn++) {
      const size = random(stream.length + 1)
      expect({ size, end: endByte(stream, size) }).toEqual({ size, end: ends.findLast((end) => end <= size) })
    }
    expect(endByte(stream, stream.length)).toBe(stream.length)
  })

  it('is not fooled by frames inside frames', () => {
    const frames = framesOf(frameAll(aacFormat, stream))
    const inner = new Uint8Array(Buffer.concat(frames.slice(10, 20)))
    const random = randomIntegers(9)
    const outer = Array.from({ length: 200 }, () => frameAround(stream, 1200 + random(900), inner))
    const file = new Uint8Array(Buffer.concat(outer))
    const ends = offsetsOf(outer)
    for (let turn = 0; turn < 200; turn++) {
      const size = random(file.length)
      expect({ size, end: endByte(file, size) }).toEqual({ size, end: ends.findLast((end) => end <= size) })
    }
  })

  it('serves nothing that is no ADTS', () => {
    expect(endByte(new Uint8Array(5000).fill(0x55), 5000)).toBe(0)
    expect(endByte(stream, 4)).toBe(0)
  })
})
