import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bisect, type Landmark } from '../../../src/formats/reading/bisect.js'
import { known } from '../../../src/formats/reading/quests.js'
import { answer, fileOf } from '../support/reading.js'

const ENOUGH_BYTES = 1000
const nothing = fileOf(new Uint8Array(0))

/** Searches among landmarks; tells how often it looked. */
function search(places: readonly Landmark[], position: number, high: Landmark) {
  let probes = 0
  const probe = (byte: number, endByte: number) => {
    probes++
    return known(places.find((place) => place.byte >= byte && place.byte < endByte))
  }
  const range = { low: places[0], high, position, enoughBytes: ENOUGH_BYTES }
  return { low: answer(bisect(range, probe), nothing).result, probes: () => probes }
}

it('comes close to any position, whatever lies between', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 })), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (list, share, isLengthKnown) => {
      const places: Landmark[] = [{ byte: 0, position: 0 }]
      for (const [bytes, samples] of list) {
        const { byte, position } = places[places.length - 1]
        places.push({ byte: byte + bytes, position: position + samples })
      }
      const last = places[places.length - 1]
      const position = Math.floor(last.position * share)
      const high = { byte: last.byte + 100, position: isLengthKnown ? last.position + 100 : Infinity }
      const { low, probes } = search(places, position, high)
      expect(low.position).toBeLessThanOrEqual(position)
      const wanted = places.findLast((place) => place.position <= position)!
      // between them lie no more bytes than are enough, or no landmark at all
      const between = places.filter(({ byte }) => byte > low.byte + ENOUGH_BYTES && byte <= wanted.byte - 0)
      if (between.length > 0) expect(wanted.byte - low.byte).toBeLessThanOrEqual(ENOUGH_BYTES + 5000)
      expect(probes()).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(high.byte / ENOUGH_BYTES + 1)) + 2)
    }),
    { numRuns: 300 },
  )
})

it('needs few looks where bytes are spread evenly', () => {
  const places = Array.from({ length: 100_000 }, (_, index) => ({ byte: index * 100, position: index * 10 }))
  for (const position of [1, 77_777, 500_000, 999_989]) {
    const { low, probes } = search(places, position, { byte: 10_000_000, position: 1_000_000 })
    expect(position * 10 - low.byte).toBeLessThanOrEqual(2 * ENOUGH_BYTES)
    expect(probes()).toBeLessThanOrEqual(4)
  }
})

it('ends where landmarks lie or are missing', () => {
  const lies = Array.from({ length: 5000 }, (_, index) => ({ byte: index * 100, position: (index * 7919) % 5000 }))
  for (const position of [0, 1234, 4999]) {
    const { low, probes } = search(lies, position, { byte: 500_000, position: 5000 })
    expect(low.position).toBeLessThanOrEqual(position)
    expect(probes()).toBeLessThan(30)
  }
  const { low } = search([{ byte: 0, position: 0 }], 50, { byte: 500_000, position: 100 })
  expect(low.byte).toBe(0)
})
