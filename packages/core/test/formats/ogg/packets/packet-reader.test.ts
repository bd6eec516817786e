import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PacketBatch } from '../../../../src/formats/ogg/packets/packet-reader.js'
import { PacketReader } from '../../../../src/formats/ogg/packets/packet-reader.js'
import { parsePage } from '../../../../src/formats/ogg/page.js'
import type { PageInit } from '../support/pages.js'
import { buildPage, lacesOf } from '../support/pages.js'

/** Packets as a stream of pages of `lacesPerPage` lacing values each. */
function paginate(packets: readonly Uint8Array[], lacesPerPage: number): Uint8Array[] {
  const laces = packets.flatMap((packet) => lacesOf(packet.length))
  const body = Buffer.concat(packets)
  const pages: Uint8Array[] = []
  let offset = 0
  for (let index = 0; index < laces.length; index += lacesPerPage) {
    const part = laces.slice(index, index + lacesPerPage)
    const length = part.reduce((sum, lace) => sum + lace, 0)
    const ends = part.some((lace) => lace < 255)
    pages.push(
      buildPage({
        laces: part,
        body: body.subarray(offset, offset + length),
        sequence: pages.length,
        granule: ends ? BigInt(index) : -1n,
        continued: index > 0 && laces[index - 1] === 255,
      }),
    )
    offset += length
  }
  return pages
}

function split(batch: PacketBatch): Uint8Array[] {
  return Array.from({ length: batch.offsets.length - 1 }, (_, index) =>
    batch.bytes.subarray(batch.offsets[index], batch.offsets[index + 1]),
  )
}

function readAll(pages: readonly Uint8Array[], maxPacketBytes = 1 << 20) {
  const reader = new PacketReader(maxPacketBytes)
  const packets: Uint8Array[] = []
  let dropped = 0
  for (const page of pages) {
    const batch = reader.read(parsePage(page)!)
    packets.push(...split(batch))
    dropped += batch.droppedBytes
  }
  return { packets, dropped: dropped + reader.drop() }
}

const hex = (packets: readonly Uint8Array[]) => packets.map((packet) => Buffer.from(packet).toString('hex'))
const filled = (length: number, value: number) => new Uint8Array(Buffer.alloc(length, value))

describe('PacketReader', () => {
  it('gives back any packets, however they lie on pages', () => {
    const length = fc.oneof(fc.nat(600), fc.constantFrom(0, 254, 255, 256, 510, 65_024, 65_025, 66_000, 140_000))
    fc.assert(
      fc.property(
        fc.array(length, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 255 }),
        (lengths, laces) => {
          const packets = lengths.map((count, index) => filled(count, index + 1))
          const result = readAll(paginate(packets, laces))
          expect(result.packets.map((packet) => packet.length)).toEqual(lengths)
          expect(Buffer.compare(Buffer.concat(result.packets), Buffer.concat(packets))).toBe(0)
          expect(result.dropped).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not copy packets that lie on one page', () => {
    const page = parsePage(paginate([filled(100, 1), filled(50, 2)], 255)[0])!
    const batch = new PacketReader(1000).read(page)
    expect(batch.bytes.buffer).toBe(page.bytes.buffer)
    expect(batch.offsets).toEqual([0, 100, 150])
  })

  it('drops only the packets that a lost page tears', () => {
    const packets = [filled(100, 1), filled(700, 2), filled(100, 3), filled(90, 4)]
    const pages = paginate(packets, 2)
    const lost = pages.splice(1, 1)[0]
    const result = readAll(pages)
    expect(hex(result.packets)).toEqual(hex([packets[0], packets[2], packets[3]]))
    const received = pages.reduce((sum, page) => sum + parsePage(page)!.body.length, 0)
    expect(result.dropped).toBe(received - 290)
    expect(lost.length).toBeGreaterThan(255)
  })

  it('skips the rest of a packet whose start came before the join', () => {
    const pages = paginate([filled(600, 1), filled(80, 2)], 2)
    const result = readAll(pages.slice(1))
    expect(hex(result.packets)).toEqual(hex([filled(80, 2)]))
    expect(result.dropped).toBe(600 - 510)
  })

  it.each<[string, Partial<PageInit>]>([
    ['says it goes on with nothing', { continued: true, sequence: 0 }],
    ['does not go on with what the page before began', { continued: false, sequence: 1 }],
  ])('survives a page that %s', (_, init) => {
    const first = buildPage({ laces: [10, 255], body: filled(265, 1), sequence: 0 })
    const second = buildPage({ laces: [20, 30], body: filled(50, 2), ...init })
    const pages = init.continued ? [second] : [first, second]
    const result = readAll(pages)
    expect(result.packets.map((packet) => packet.length)).toEqual(init.continued ? [30] : [10, 20, 30])
    expect(result.dropped).toBe(init.continued ? 20 : 255)
  })

  it('drops a packet that grows beyond all bounds, holds none of it, and goes on', () => {
    const endless = filled(300_000, 9)
    const result = readAll(paginate([filled(10, 1), endless, filled(20, 2)], 255), 100_000)
    expect(hex(result.packets)).toEqual(hex([filled(10, 1), filled(20, 2)]))
    expect(result.dropped).toBe(300_000)
  })

  it('counts sequence numbers modulo 2^32', () => {
    const pages = [
      buildPage({ laces: [255], body: filled(255, 1), sequence: 0xffffffff, granule: -1n }),
      buildPage({ laces: [5], body: filled(5, 1), sequence: 0, continued: true }),
    ]
    expect(hex(readAll(pages).packets)).toEqual(hex([filled(260, 1)]))
  })
})
