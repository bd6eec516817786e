import { describe, expect, it } from 'vitest'
import { LiveOggPatcher } from '../../../src/live/patchers/live-ogg-patcher.js'
import { buildPage, lacesOf, packetsPage, pageOffsets } from '../../formats/ogg/support/pages.js'
import { randomIntegers } from '../../formats/support/framing.js'
import { drive } from '../support/growing.js'

const view = (file: Uint8Array, size = file.length) => drive(new LiveOggPatcher(), file, size).view
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

/** Header of an Opus stream with a pre-skip of 312. */
const head = Uint8Array.from([...Buffer.from('OpusHead'), 1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0])
const opening = join(
  packetsPage([head], { bos: true, serial: 5 }),
  packetsPage([new Uint8Array(30)], { serial: 5, sequence: 1 }),
)

describe('LiveOggPatcher', () => {
  it('ends behind the last whole page and counts to its position, without the hidden samples', () => {
    const page = (sequence: number) =>
      packetsPage([new Uint8Array(300).fill(sequence)], { serial: 5, sequence, granule: BigInt(960 * sequence) })
    const file = join(opening, page(2), page(3), page(4))
    expect(view(file)).toEqual({ head: new Uint8Array(0), endByte: file.length, samples: 960 * 4 - 312 })
    expect(view(file, file.length - 1)).toMatchObject({
      endByte: file.length - page(4).length,
      samples: 960 * 3 - 312,
    })
    for (const size of [0, 10, opening.length, opening.length + 40]) expect(view(file, size).endByte).toBe(0)
    expect(view(new Uint8Array(5000).fill(0x4f)).endByte).toBe(0)
  })

  it('does not end amid a packet', () => {
    const packet = new Uint8Array(100_000).fill(9)
    const laces = lacesOf(packet.length)
    const pages = [0, 255].map((from, index) =>
      buildPage({
        laces: laces.slice(from, from + 255),
        body: packet.subarray(from * 255, (from + 255) * 255),
        serial: 5,
        sequence: 3 + index,
        granule: index === 0 ? -1n : 2880n,
        continued: index === 1,
      }),
    )
    const start = join(opening, packetsPage([new Uint8Array(50)], { serial: 5, sequence: 2, granule: 1920n }))
    const file = join(start, ...pages)
    expect(view(file, file.length - 1).endByte).toBe(start.length)
    expect(view(file).endByte).toBe(file.length)
  })

  it('is not fooled by pages inside packets', () => {
    const random = randomIntegers(3)
    const inner = [0, 1, 2].map((count) =>
      packetsPage([new Uint8Array(500).fill(count)], { serial: 5, sequence: 900 + count, granule: 99_999_999n }),
    )
    const pages = Array.from({ length: 60 }, (_, index) =>
      packetsPage([join(new Uint8Array(1 + random(3000)), ...inner, new Uint8Array(random(3000)))], {
        serial: 5,
        sequence: 2 + index,
        granule: BigInt(960 * (index + 1)),
      }),
    )
    const file = join(opening, ...pages)
    const ends = [...pageOffsets(file).slice(3), file.length]
    for (let turn = 0; turn < 200; turn++) {
      const size = ends[0] + random(file.length - ends[0])
      expect({ size, end: view(file, size).endByte }).toEqual({ size, end: ends.findLast((end) => end <= size) })
    }
  })
})
