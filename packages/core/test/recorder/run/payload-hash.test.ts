import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/bytes/concat.js'
import { PayloadHash } from '../../../src/recorder/run/payload-hash.js'

const bytes = fc.uint8Array({ maxLength: 50 })

describe('PayloadHash', () => {
  it('is the sum of the file after its header, patches of head and last piece applied', () => {
    fc.assert(
      fc.property(bytes, fc.array(bytes), bytes, fc.nat(), (head, pieces, tail, at) => {
        const file = concatBytes([head, ...pieces, tail])
        const hash = new PayloadHash(head.length)
        for (const piece of pieces) hash.add(piece)
        const last = pieces.findLast((piece) => piece.length > 0)?.length ?? 0
        const lastStart = file.length - tail.length - last
        const patches = []
        if (head.length > 0) patches.push({ offsetBytes: 0, bytes: Uint8Array.of(1) })
        if (last > 0) patches.push({ offsetBytes: lastStart + (at % last), bytes: Uint8Array.of(2) })
        for (const patch of patches) file.set(patch.bytes, patch.offsetBytes)
        expect(hash.finish(tail, patches)).toBe(createHash('sha256').update(file.subarray(head.length)).digest('hex'))
      }),
    )
  })

  it('admits that it cannot know a patch further back', () => {
    const hash = new PayloadHash(4)
    hash.add(Uint8Array.of(1, 2, 3))
    hash.add(Uint8Array.of(4))
    expect(hash.finish(new Uint8Array(0), [{ offsetBytes: 5, bytes: Uint8Array.of(9) }])).toBe('')
  })

  it('waits for nothing where a muxer patches its head alone, and admits when it did patch more', () => {
    const sum = (...values: number[]) => createHash('sha256').update(Uint8Array.from(values)).digest('hex')
    const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3)]
    const hash = new PayloadHash(2, false)
    for (const piece of pieces) {
      hash.add(piece)
      // its memory may become anything now
      piece.fill(0xaa)
    }
    expect(hash.finish(Uint8Array.of(4), [{ offsetBytes: 0, bytes: Uint8Array.of(9, 9) }])).toBe(sum(1, 2, 3, 4))
    const patched = new PayloadHash(2, false)
    patched.add(Uint8Array.of(1, 2))
    expect(patched.finish(Uint8Array.of(4), [{ offsetBytes: 3, bytes: Uint8Array.of(9) }])).toBe('')
  })
})
