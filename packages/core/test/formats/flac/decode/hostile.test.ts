import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlacFrameDecoder } from '../../../../src/formats/flac/decode/frame-decoder.js'
import { instantiateWasm, type WasmExports } from '../../../../src/bytes/instantiate-wasm.js'
import { flacWasm } from '../../../../src/wasm/flac.js'
import { frameOfBits, headerOf, plain, rice } from '../support/frame-maker.js'

type Reserve = (bytes: number, samples: number, channels: number) => number
type Work = (bytes: number, head: number, samples: number, channels: number, assignment: number, bits: number) => number
interface Exports extends WasmExports {
  readonly reserve: Reserve
  readonly decode: Work
  readonly measure: Work
  planeAt(channel: number): number
  interleave(bytes: number): number
  restore(): void
}

/** A valid mono or stereo frame of 64 samples for damage to begin with. */
function validFrame(order: number): Uint8Array {
  const residual = Array.from({ length: 64 - order }, (_, index) => rice(BigInt(((index * 37) % 61) - 30), 4)).join('')
  const head = `0${plain(31 + order, 6)}0`
  const warm = Array.from({ length: order }, (_, index) => plain(index * 3, 16)).join('')
  const coefficients = Array.from({ length: order }, (_, index) => plain(index % 2 ? -90 : 100, 12)).join('')
  return frameOfBits(head, warm, plain(11, 4), plain(9, 5), coefficients, '00_0000_0100', residual)
}

const PATTERN = 0xa5
/** What may be written behind a frame, and behind interleaved samples. */
const PADDING_BYTES = 32
const SLACK_BYTES = 32
const ROOM_SAMPLES = 2048

describe('hostile frames', () => {
  const header = fc.record({
    samples: fc.oneof(
      { weight: 3, arbitrary: fc.constant(64) },
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 65535 }),
    ),
    channels: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
    stereo: fc.constantFrom(0, 0, 0, 8, 9, 10),
    bits: fc.oneof(fc.constant(16), fc.integer({ min: 4, max: 32 })),
  })
  const damage = fc.oneof(
    fc.uint8Array({ minLength: 0, maxLength: 300, size: 'max' }),
    fc
      .tuple(
        fc.integer({ min: 1, max: 32 }),
        fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 }),
        fc.nat(300),
      )
      .map(([order, flips, cut]) => {
        const frame = validFrame(order)
        for (const [at, value] of flips) frame[at % frame.length] = value
        return frame.subarray(0, cut % 3 === 0 ? cut : frame.length)
      }),
  )

  it('write nothing outside of what was reserved for them, and leave the decoder whole', () => {
    const wasm = instantiateWasm<Exports>(flacWasm)
    const input = wasm.reserve(4096, ROOM_SAMPLES, 8)
    const bytes = Buffer.from(wasm.memory.buffer)
    const clean = Buffer.alloc(bytes.length, PATTERN)
    const first = wasm.planeAt(0)
    const stride = wasm.planeAt(1) - first
    expect(stride).toBe(4 * ROOM_SAMPLES)
    // the 64-bit samples of a side channel, and the interleaved ones
    const wide = wasm.planeAt(8)
    const output = wide + 2 * stride
    let decoded = 0
    fc.assert(
      fc.property(damage, header, (frame, { samples, channels: count, stereo, bits }) => {
        const channels = stereo > 0 ? 2 : count
        const small = Math.min(samples, ROOM_SAMPLES)
        bytes.fill(PATTERN, first)
        bytes.set(frame, input)
        const assignment = stereo || channels - 1
        const kept = (from: number, to: number) => {
          expect({ from, to, same: bytes.compare(clean, from, to, from, to) === 0 }).toEqual({ from, to, same: true })
        }
        const measured = wasm.measure(frame.length, 0, small, channels, assignment, bits)
        expect(measured).toBeGreaterThanOrEqual(-1)
        expect(measured).toBeLessThanOrEqual(frame.length)
        kept(first, input)
        bytes.set(frame, input)
        const whole = wasm.decode(frame.length, 0, small, channels, assignment, bits)
        decoded += whole
        if (whole === 1) expect(measured).toBe(frame.length)
        wasm.interleave(Math.ceil(bits / 8))
        wasm.restore()
        for (let channel = 0; channel < 8; channel++) {
          const plane = first + channel * stride
          kept(plane + (channel < channels ? 16 * Math.ceil(small / 4) : 0), plane + stride)
        }
        kept(wide + 8 * small, output)
        kept(output + small * channels * Math.ceil(bits / 8) + SLACK_BYTES, input)
        kept(input + frame.length + PADDING_BYTES, bytes.length)
      }),
      { numRuns: 1000 },
    )
    expect(decoded).toBeGreaterThan(0)
    expect(wasm.memory.buffer.byteLength).toBe(bytes.length)
  })

  it('never make the decoder throw, and the next frame is decoded all the same', () => {
    const decoder = new FlacFrameDecoder()
    const good = frameOfBits('00000010', ...[5, -6, 7, -8].map((value) => plain(value, 16)))
    fc.assert(
      fc.property(damage, header, (frame, { samples, channels: count, stereo, bits }) => {
        const channels = stereo > 0 ? 2 : count
        const facts = headerOf(samples, channels, stereo || channels - 1)
        for (const planes of [decoder.decode(frame, facts, bits), decoder.decodeFloats(frame, facts, bits)]) {
          if (planes) expect(planes.map(({ length }) => length)).toEqual(Array(channels).fill(samples))
        }
        decoder.decodePcm(frame, facts, bits)
        decoder.measure(frame, facts, bits)
        expect([...decoder.decode(good, headerOf(4, 1), 16)![0]]).toEqual([5, -6, 7, -8])
      }),
      { numRuns: 400 },
    )
  })

  it('cost little: nothing is walked twice', () => {
    const decoder = new FlacFrameDecoder()
    const zeros = new Uint8Array(1 << 20)
    const started = performance.now()
    // constants, then zeros without an end
    expect(decoder.decode(zeros, headerOf(65535, 8), 32)).toBeUndefined()
    expect(decoder.measure(zeros, headerOf(65535, 8), 32)).toBe(8 * 5 + 2)
    zeros[0] = 0b00010000
    expect(decoder.measure(zeros, headerOf(65535, 8), 32)).toBe(0)
    expect(decoder.decode(zeros, headerOf(65535, 8), 32)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
