import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketReader } from '../../../src/formats/ogg/packets/packet-reader.js'
import type { OggPage } from '../../../src/formats/ogg/page.js'
import { MAX_PAGE_BYTES, parsePage } from '../../../src/formats/ogg/page.js'
import { PageWriter } from '../../../src/formats/ogg/page-writer.js'
import { buildPage, lacesOf, pagesOf } from './support/pages.js'

const parse = (bytes: Uint8Array): OggPage[] => pagesOf(bytes).map((page) => parsePage(page)!)

describe('PageWriter', () => {
  it('writes a page as the format wants it', () => {
    const writer = new PageWriter(0xfedcba98)
    const packet = new Uint8Array(Buffer.alloc(600, 5))
    writer.add(packet, 0x1_0000_0002)
    writer.flush(true)
    const page = {
      laces: lacesOf(600),
      body: packet,
      serial: 0xfedcba98,
      granule: 0x1_0000_0002n,
      bos: true,
      eos: true,
    }
    expect(writer.take()).toEqual(buildPage(page))
  })

  it('gives pages that read back as the same packets, and torn only where a page cannot hold them', () => {
    const length = fc.oneof(fc.nat(2000), fc.constantFrom(0, 255, 510, 64_769, 65_024, 65_025, 65_280, 200_000))
    fc.assert(
      fc.property(fc.array(fc.tuple(length, fc.boolean()), { minLength: 1, maxLength: 8 }), (plan) => {
        const writer = new PageWriter(3)
        plan.forEach(([bytes, flush], index) => {
          writer.add(new Uint8Array(Buffer.alloc(bytes, index + 1)), index * 10)
          if (flush) writer.flush()
        })
        writer.flush()
        const pages = parse(writer.take())
        const reader = new PacketReader(1 << 20)
        const sizes = pages.flatMap((page) => {
          const { offsets, droppedBytes } = reader.read(page)
          expect(droppedBytes).toBe(0)
          expect(page.granule >= 0).toBe(offsets.length > 1)
          return offsets.slice(1).map((end, index) => end - offsets[index])
        })
        expect(sizes).toEqual(plan.map(([bytes]) => bytes))
        const torn = plan.filter(([bytes]) => lacesOf(bytes).length > 255)
        expect(pages.filter((page) => page.continued).length).toBe(
          torn.reduce((sum, [bytes]) => sum + Math.ceil(lacesOf(bytes).length / 255) - 1, 0),
        )
        for (const page of pages) expect(page.bytes.length).toBeLessThanOrEqual(MAX_PAGE_BYTES)
      }),
      { numRuns: 60 },
    )
  })

  it('marks the last page afterwards', () => {
    const writer = new PageWriter(1)
    for (const size of [10, 500]) {
      writer.add(new Uint8Array(size), size)
      writer.flush()
    }
    const file = writer.take()
    const patch = writer.endPatch()
    expect(patch.bytes).toHaveLength(27)
    file.set(patch.bytes, patch.offsetBytes)
    expect(parse(file).map((page) => page.endOfStream)).toEqual([false, true])
  })

  it('has nothing to flush without packets', () => {
    const writer = new PageWriter(1)
    writer.flush(true)
    expect(writer.take()).toHaveLength(0)
    expect(writer.heldBytes).toBe(0)
  })
})
