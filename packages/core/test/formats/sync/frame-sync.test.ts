import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { aacFormat } from '../../../src/formats/aac/index.js'
import type { Format } from '../../../src/formats/format.js'
import { mp3Format } from '../../../src/formats/mpeg/index.js'
import { encodeAac, encodeMp3 } from '../support/encoded.js'
import { fingerprint, frameAll, framesOf, hex, join } from '../support/framing.js'

interface Stream {
  readonly name: string
  readonly format: Format
  readonly bytes: Uint8Array
}

const streams: readonly Stream[] = [
  { name: 'MP3 CBR', format: mp3Format, bytes: encodeMp3('-b:a 128k', { seconds: 2 }) },
  { name: 'MP3 VBR', format: mp3Format, bytes: encodeMp3('-q:a 4', { seconds: 2 }) },
  { name: 'MP3 tiny frames', format: mp3Format, bytes: encodeMp3('-b:a 8k', { rateHz: 24000, seconds: 6 }) },
  { name: 'ADTS', format: aacFormat, bytes: encodeAac({ seconds: 2 }) },
]

/** What may happen to a stream at some place, `at` as a part of its length. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('overwrite', 'insert', 'cut', 'tag', 'splice'),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 400 }),
    fc
      .array(fc.constantFrom(0x00, 0xff, 0xfb, 0xf1, 0x90), { minLength: 1, maxLength: 400 })
      .map((all) => Uint8Array.from(all)),
    fc.nat(2000).map((length) => new Uint8Array(length)),
  ),
})

type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never

function damaged(stream: Uint8Array, faults: readonly Damage[], other: Uint8Array): Uint8Array {
  return faults.reduce((bytes, fault) => {
    const at = Math.floor(fault.at * bytes.length)
    const before = bytes.subarray(0, at)
    const length = fault.bytes.length
    switch (fault.kind) {
      case 'overwrite':
        return join(before, fault.bytes, bytes.subarray(at + length))
      case 'insert':
        return join(before, fault.bytes, bytes.subarray(at))
      case 'cut':
        return join(before, bytes.subarray(at + length))
      case 'tag':
        return join(
          before,
          'ID3\x04\0\0\0\0',
          Uint8Array.of(length >>> 7, length & 127),
          fault.bytes,
          bytes.subarray(at),
        )
      case 'splice':
        return join(before, other.subarray(at % 3000, (at % 3000) + 8 * length), bytes.subarray(at))
    }
  }, stream)
}

const faults = fc.array(damage, { maxLength: 4 })
const start = fc.nat(2500)

describeWithTools(['ffmpeg'], 'SyncFramer', () => {
  for (const [index, { name, format, bytes }] of streams.entries()) {
    const other = streams[(index + 1) % streams.length].bytes
    it(`takes a frame for one that is all there is, whole and byte by byte: ${name}`, () => {
      const [first] = framesOf(frameAll(format, bytes)).slice(5)
      for (const pieces of [1, Infinity]) {
        const alone = frameAll(format, first, () => pieces)
        expect(framesOf(alone).map(hex)).toEqual([hex(first)])
        // one that is cut, and one that other bytes follow, is none
        for (const part of [first.subarray(0, -1), join(first, Uint8Array.of(1, 2, 3, 4))])
          expect(framesOf(frameAll(format, part, () => pieces))).toEqual([])
      }
    })

    const window = (from: number) => bytes.subarray(from, from + 12_000)

    it(`finds the same whatever the chunks: ${name}`, () => {
      fc.assert(
        fc.property(
          start,
          faults,
          fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }),
          (from, wounds, sizes) => {
            const stream = damaged(window(from), wounds, other)
            const whole = fingerprint(frameAll(format, stream))
            let turn = 0
            expect(fingerprint(frameAll(format, stream, () => 1))).toEqual(whole)
            expect(fingerprint(frameAll(format, stream, () => 1000))).toEqual(whole)
            expect(fingerprint(frameAll(format, stream, () => sizes[turn++ % sizes.length]))).toEqual(whole)
          },
        ),
        { numRuns: 40 },
      )
    })

    it(`keeps what damage did not touch: ${name}`, () => {
      const whole = framesOf(frameAll(format, bytes))
      const sent = whole.map(hex)
      fc.assert(
        fc.property(fc.integer({ min: 3, max: whole.length - 6 }), damage, (victim, wound) => {
          // one wound inside one frame, behind its header; of the rest at most one neighbour may be in doubt
          const frame = whole[victim]
          const inside = damaged(frame.subarray(0, -1), [{ ...wound, at: 0.5 + wound.at / 2, kind: 'insert' }], other)
          const torn = join(...whole.slice(0, victim), inside, frame.subarray(-1), ...whole.slice(victim + 1))
          let matched = 0
          let next = 0
          for (const got of framesOf(frameAll(format, torn)).map(hex)) {
            const at = sent.indexOf(got, next)
            if (at < 0 || at > next + 5) continue
            matched++
            next = at + 1
          }
          expect(matched).toBeGreaterThanOrEqual(sent.length - 2)
        }),
        { numRuns: 60, seed: 4 },
      )
    })
  }

  it('never throws, never loops and holds little, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 3000 }),
            // mostly bytes that headers and tags are made of
            fc.array(fc.constantFrom(0xff, 0xfb, 0xf3, 0xf1, 0x90, 0x50, 0x00, 0x49, 0x44, 0x33, 0x04), {
              maxLength: 600,
            }),
          ),
          { maxLength: 12 },
        ),
        (chunks) => {
          for (const format of [mp3Format, aacFormat]) {
            let held = 0
            let total = 0
            const framer = format.createFramer({
              onSpan: (span) => (held -= span.bytes.length),
              onDiscard: (count) => (held -= count),
            })
            for (const chunk of chunks) {
              framer.push(Uint8Array.from(chunk))
              held += chunk.length
              total += chunk.length
              expect(held).toBeGreaterThanOrEqual(0)
              expect(held).toBeLessThan(100_000)
            }
            framer.flush()
            expect({ total, held }).toEqual({ total, held: 0 })
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('gives up long garbage as it comes', () => {
    for (const format of [mp3Format, aacFormat]) {
      for (const filling of [0x00, 0xff, 0x55]) {
        let discarded = 0
        const framer = format.createFramer({ onSpan: () => {}, onDiscard: (count) => (discarded += count) })
        framer.push(format === mp3Format ? streams[0].bytes : streams[3].bytes)
        const before = discarded
        for (let chunk = 0; chunk < 64; chunk++) framer.push(new Uint8Array(65536).fill(filling))
        expect(discarded - before).toBeGreaterThan(63 * 65536)
      }
    }
  })
})
