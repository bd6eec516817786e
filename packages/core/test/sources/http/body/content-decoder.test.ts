import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ContentDecoder } from '../../../../src/sources/http/body/content-decoder.js'
import { cutAt, cuts } from '../../cuts.js'
import { payload, sameBytes } from '../support.js'

const AUDIO = payload(20_000)

async function decode(decoder: ContentDecoder, pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (const piece of pieces) parts.push(await decoder.push(piece))
  parts.push(decoder.flush())
  decoder.close()
  return Buffer.concat(parts)
}

describe('ContentDecoder', () => {
  const PACKED: readonly [name: string, coding: string, bytes: Uint8Array, lied: boolean][] = [
    ['gzip', 'gzip', gzipSync(AUDIO), false],
    [
      'gzip in two members',
      'gzip',
      Buffer.concat([gzipSync(AUDIO.subarray(0, 5000)), gzipSync(AUDIO.subarray(5000))]),
      false,
    ],
    ['deflate', 'deflate', deflateSync(AUDIO), false],
    ['deflate without its wrapper', 'deflate', deflateRawSync(AUDIO), false],
    ['a lie about gzip', 'gzip', AUDIO, true],
    ['a lie about deflate', 'deflate', AUDIO, true],
  ]
  for (const [name, coding, bytes, lied] of PACKED) {
    it(`unpacks ${name} however it is cut`, async () => {
      const some = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(some, async (points) => {
          const decoder = new ContentDecoder(coding)
          const sorted = points.sort((a, b) => a - b)
          expect(sameBytes(await decode(decoder, cutAt(bytes, sorted)), AUDIO)).toBe('same')
          expect([decoder.lied, decoder.broken]).toEqual([lied, false])
        }),
        { numRuns: 15 },
      )
    })
  }

  it('unpacks byte by byte', async () => {
    const packed = gzipSync(AUDIO.subarray(0, 500))
    const pieces = cutAt(
      packed,
      fc.sample(
        cuts(packed.length).filter((points) => points.length === packed.length - 1),
        1,
      )[0],
    )
    expect(sameBytes(await decode(new ContentDecoder('gzip'), pieces), AUDIO.subarray(0, 500))).toBe('same')
  })

  it('gives back a single byte that never became a magic number', async () => {
    expect(await decode(new ContentDecoder('gzip'), [Uint8Array.of(0x1f)])).toEqual(Buffer.of(0x1f))
  })

  it('says that data is damaged, and never hangs or throws', async () => {
    const packed = gzipSync(Buffer.alloc(100_000, 'some words '))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 12, max: packed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const damaged = Buffer.from(packed)
          damaged[at] ^= flip
          const decoder = new ContentDecoder('gzip')
          const out = await decode(decoder, [damaged.subarray(0, 30), damaged.subarray(30)])
          expect(decoder.broken || out.length > 0).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('takes a bomb in steps', async () => {
    const decoder = new ContentDecoder('gzip')
    const out = await decode(decoder, [gzipSync(Buffer.alloc(30_000_000))])
    expect([out.length, decoder.broken]).toEqual([30_000_000, false])
  })
})
