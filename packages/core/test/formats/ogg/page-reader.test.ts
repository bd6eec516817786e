import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PageReader } from '../../../src/formats/ogg/page-reader.js'
import { buildPage, lacesOf, packetsPage } from './support/pages.js'

function read(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]) {
  const pages: string[] = []
  const discards = { sync: 0, 'partial-frame': 0 }
  const reader = new PageReader({
    onPage: (page) => pages.push(Buffer.from(page.bytes).toString('hex')),
    onDiscard: (count, reason) => (discards[reason as 'sync'] += count),
  })
  for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length])
    reader.push(bytes.subarray(offset, offset + size))
    offset += size
  }
  reader.flush()
  return { pages, discards }
}

const hex = (page: Uint8Array) => Buffer.from(page).toString('hex')
const page = (sequence: number, length: number) =>
  packetsPage([Buffer.alloc(length, sequence + 1)], { sequence, granule: BigInt(sequence) })

describe('PageReader', () => {
  it('reads every field', () => {
    const bytes = buildPage({
      laces: [255, 3, 255],
      body: Buffer.alloc(513, 7),
      serial: 0xfedcba98,
      sequence: 0x80000001,
      granule: 0x1_2345_6789n,
      continued: true,
      eos: true,
    })
    let count = 0
    const reader = new PageReader({
      onPage: (found) => {
        count++
        expect(found).toMatchObject({ serial: 0xfedcba98, sequence: 0x80000001, granule: 0x123456789 })
        expect(found).toMatchObject({ continued: true, beginOfStream: false, endOfStream: true })
        expect([...found.laces]).toEqual([255, 3, 255])
        expect(found.body.length).toBe(513)
      },
      onDiscard: () => expect.unreachable(),
    })
    reader.push(bytes)
    expect(count).toBe(1)
  })

  it('knows the position of a page on which no packet ends', () => {
    const bytes = buildPage({ laces: [255], body: Buffer.alloc(255), granule: -1n })
    const granules: number[] = []
    new PageReader({ onPage: (found) => granules.push(found.granule), onDiscard: () => {} }).push(bytes)
    expect(granules).toEqual([-1])
  })

  it('hands a page on with its last byte, not later', () => {
    const bytes = page(0, 500)
    const pages: number[] = []
    const reader = new PageReader({ onPage: (found) => pages.push(found.sequence), onDiscard: () => {} })
    reader.push(bytes.subarray(0, -1))
    expect(pages).toEqual([])
    reader.push(bytes.subarray(-1))
    expect(pages).toEqual([0])
  })

  it('reads the longest page there is', () => {
    const bytes = buildPage({ laces: new Array(255).fill(255), body: Buffer.alloc(65025, 1), granule: -1n })
    expect(bytes.length).toBe(65307)
    expect(read(bytes, [1000])).toEqual({ pages: [hex(bytes)], discards: { sync: 0, 'partial-frame': 0 } })
  })

  it('drops a page with a wrong checksum and finds the next', () => {
    const broken = page(1, 300)
    broken[200] ^= 1
    const result = read(Buffer.concat([page(0, 200), broken, page(2, 200)]))
    expect(result.pages).toEqual([hex(page(0, 200)), hex(page(2, 200))])
    expect(result.discards).toEqual({ sync: broken.length, 'partial-frame': 0 })
  })

  it('finds pages inside a false one', () => {
    // a capture pattern in garbage claims 65,000 bytes; what it covers is not lost, even at the end
    const claim = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([255]), Buffer.alloc(255, 255)])
    const result = read(Buffer.concat([claim, page(0, 100), page(1, 100)]))
    expect(result.pages).toEqual([hex(page(0, 100)), hex(page(1, 100))])
    expect(result.discards).toEqual({ sync: claim.length, 'partial-frame': 0 })
  })

  it('calls what is left of a page cut short partial', () => {
    const result = read(Buffer.concat([page(0, 100), page(1, 100).subarray(0, 77)]))
    expect(result.pages).toHaveLength(1)
    expect(result.discards).toEqual({ sync: 0, 'partial-frame': 77 })
  })

  it('finds the same whatever the chunks, keeps every undamaged page and accounts for every byte', () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.nat(600).map((length) => ({ good: true, bytes: page(length, length) })) },
      fc.uint8Array({ maxLength: 80 }).map((bytes) => ({ good: false, bytes })),
      fc
        .constantFrom('O', 'Og', 'OggS', 'OggSOggS', 'OggS\0\0')
        .map((text) => ({ good: false, bytes: Buffer.from(text) })),
      fc
        .tuple(fc.nat(300), fc.nat(300))
        .map(([length, cut]) => ({ good: false, bytes: page(1, length).subarray(0, cut) })),
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
        (pieces, sizes) => {
          const bytes = Buffer.concat(pieces.map((one) => one.bytes))
          const whole = read(bytes)
          expect(read(bytes, sizes)).toEqual(whole)
          expect(read(bytes, [1])).toEqual(whole)
          const kept = whole.pages.reduce((sum, one) => sum + one.length / 2, 0)
          expect(kept + whole.discards.sync + whole.discards['partial-frame']).toBe(bytes.length)
          const good = pieces.filter((one) => one.good).map((one) => hex(one.bytes))
          expect(whole.pages.filter((one) => good.includes(one)).length).toBeGreaterThanOrEqual(good.length)
        },
      ),
      { numRuns: 150 },
    )
  })
})

it('the test pages have right lacing', () => {
  expect(lacesOf(0)).toEqual([0])
  expect(lacesOf(255)).toEqual([255, 0])
  expect(lacesOf(511)).toEqual([255, 255, 1])
})
