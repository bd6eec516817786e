import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restoreStereo, restoreWideStereo, sideChannelOf } from '../../../../src/formats/flac/decode/stereo.js'

const LEFT_SIDE = 8
const SIDE_RIGHT = 9
const MID_SIDE = 10

/** What an encoder makes of a pair, in numbers without limits. */
function encodePair(left: number, right: number, assignment: number): [number, number] {
  const side = left - right
  if (assignment === LEFT_SIDE) return [left, side]
  if (assignment === SIDE_RIGHT) return [side, right]
  return [Math.floor((left + right) / 2), side]
}

const pairs = (bits: number) => {
  const sample = fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
  return fc.array(fc.tuple(sample, sample), { minLength: 1, maxLength: 50 })
}
const assignments = fc.constantFrom(LEFT_SIDE, SIDE_RIGHT, MID_SIDE)

describe('stereo decorrelation', () => {
  it('comes back to left and right up to 31 bits', () => {
    fc.assert(
      fc.property(pairs(31), assignments, (samples, assignment) => {
        const coded = samples.map(([left, right]) => encodePair(left, right, assignment))
        const first = Int32Array.from(coded, ([one]) => one)
        const second = Int32Array.from(coded, ([, two]) => two)
        restoreStereo(first, second, assignment, samples.length)
        expect(samples.map((_, index) => [first[index], second[index]])).toEqual(samples)
      }),
    )
  })

  it('comes back to left and right at 32 bits, where differences have 33', () => {
    fc.assert(
      fc.property(pairs(32), assignments, (samples, assignment) => {
        const coded = samples.map(([left, right]) => encodePair(left, right, assignment))
        const side = Float64Array.from(coded, (pair) => pair[sideChannelOf(assignment)])
        const [first, second] = [0, 1].map((channel) =>
          Int32Array.from(coded, (pair) => (channel === sideChannelOf(assignment) ? 0 : pair[channel])),
        )
        restoreWideStereo(first, second, side, assignment, samples.length)
        expect(samples.map((_, index) => [first[index], second[index]])).toEqual(samples)
      }),
    )
  })

  it('leaves independent channels alone', () => {
    expect([0, 1, 7, LEFT_SIDE, SIDE_RIGHT, MID_SIDE].map(sideChannelOf)).toEqual([-1, -1, -1, 1, 0, 1])
    const [first, second] = [Int32Array.of(1, 2), Int32Array.of(3, 4)]
    restoreStereo(first, second, 1, 2)
    expect([...first, ...second]).toEqual([1, 2, 3, 4])
  })
})
