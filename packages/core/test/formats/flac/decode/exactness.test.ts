import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlacFrameDecoder } from '../../../../src/formats/flac/decode/frame-decoder.js'
import { frameOfBits, headerOf, plain, rice, subframeBits, type SubframePlan } from '../support/frame-maker.js'

const LEFT_SIDE = 8
const SIDE_RIGHT = 9
const MID_SIDE = 10
const decoder = new FlacFrameDecoder()

/** What an encoder makes of a pair, in numbers without limits. */
function encodePair(left: bigint, right: bigint, assignment: number): [bigint, bigint] {
  const side = left - right
  if (assignment === LEFT_SIDE) return [left, side]
  if (assignment === SIDE_RIGHT) return [side, right]
  return assignment === MID_SIDE ? [(left + right) >> 1n, side] : [left, right]
}

/** The same samples, little-endian and interleaved. */
function pcmOf(channels: readonly (readonly bigint[])[], bits: number): number[] {
  const bytes = Math.ceil(bits / 8)
  return channels[0].flatMap((_, index) =>
    channels.flatMap((samples) =>
      Array.from({ length: bytes }, (__, byte) => Number((samples[index] >> BigInt(8 * byte)) & 255n)),
    ),
  )
}

const VERBATIM: SubframePlan = {
  type: 'verbatim',
  coefficients: [],
  precision: 1,
  shift: 0,
  wastedBits: 0,
  residual: { method: 0, partitionOrder: 0, parameters: [0] },
}

const plans: fc.Arbitrary<SubframePlan> = fc
  .record({
    type: fc.constantFrom('constant', 'verbatim', 'fixed', 'lpc', 'lpc', 'lpc'),
    order: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.integer({ min: 13, max: 32 })),
    precision: fc.integer({ min: 1, max: 15 }),
    shift: fc.nat(15),
    wastedBits: fc.constantFrom(0, 0, 0, 1, 3),
    seed: fc.array(fc.integer({ min: -16384, max: 16383 }), { minLength: 32, maxLength: 32 }),
    method: fc.constantFrom(0 as const, 1 as const),
    partitionOrder: fc.nat(5),
    parameters: fc.array(fc.option(fc.nat(30), { nil: undefined }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ order, seed, method, partitionOrder, parameters, ...plan }) => {
    const narrow = seed.map((value) => value >> (15 - plan.precision))
    const used = plan.type === 'lpc' ? order : plan.type === 'fixed' ? order % 5 : 0
    return {
      ...plan,
      coefficients: narrow.slice(0, used),
      residual: { method, partitionOrder, parameters },
    }
  })

/** Samples of a channel: tones with noise, all of a kind that encoders meet, and full-scale jumps. */
interface Signal {
  readonly kind: string
  readonly seed: number
  readonly amplitude: number
}
const signals: fc.Arbitrary<Signal> = fc.record({
  kind: fc.constantFrom('tone', 'noise', 'jumps', 'constant'),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
  amplitude: fc.integer({ min: 0, max: 10 }).map((power) => 2 ** -power),
})

function samplesOf({ kind, seed, amplitude }: Signal, size: number, bits: number) {
  const full = 2 ** (bits - 1) - 1
  let state = seed
  const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 31 - 1
  return Array.from({ length: size }, (_, index) => {
    if (kind === 'constant') return BigInt(Math.round(full * amplitude))
    if (kind === 'jumps') return BigInt(random() > 0 ? full : -full - 1)
    const tone = kind === 'tone' ? 0.97 * Math.sin(index / (3 + (seed % 50))) + 0.03 * random() : random()
    return BigInt(Math.round(tone * amplitude * full))
  })
}

interface Case {
  readonly bits: number
  readonly assignment: number
  readonly channels: readonly (readonly bigint[])[]
  readonly plans: readonly SubframePlan[]
}

const used = new Map<string, number>()

/** A frame of these samples; what a plan cannot hold is written plainly. */
function encode({ bits, assignment, channels, plans: wanted }: Case): Uint8Array {
  const isPair = channels.length === 2
  const pairs = isPair ? channels[0].map((one, i) => encodePair(one, channels[1][i], assignment)) : []
  const coded = isPair ? [pairs.map(([one]) => one), pairs.map(([, two]) => two)] : channels
  const subframes = coded.map((samples, channel) => {
    const isSide = assignment >= LEFT_SIDE && (assignment === SIDE_RIGHT ? 0 : 1) === channel
    const width = bits + (isSide ? 1 : 0)
    const own = subframeBits(samples, width, wanted[channel])
    const kind = `${width > 32 ? 'wide ' : ''}${own === undefined ? 'verbatim' : wanted[channel].type}`
    used.set(kind, (used.get(kind) ?? 0) + 1)
    return own ?? subframeBits(samples, width, VERBATIM)!
  })
  return frameOfBits(...subframes)
}

function check(one: Case): void {
  const { bits, assignment, channels } = one
  const frame = encode(one)
  const header = headerOf(channels[0].length, channels.length, assignment)
  // as text: comparing big integers one by one takes most of the time
  const same = (found: readonly ArrayLike<unknown>[] | undefined, expected: readonly (readonly unknown[])[]) => {
    expect(found?.map((plane) => Array.from(plane).join())).toEqual(expected.map((plane) => plane.join()))
  }
  same(decoder.decode(frame, header, bits), channels)
  same([decoder.decodePcm(frame, header, bits)!], [pcmOf(channels, bits)])
  const floats = channels.map((plane) => plane.map((value) => Math.fround(Number(value)) / 2 ** (bits - 1)))
  same(decoder.decodeFloats(frame, header, bits), floats)
  expect(decoder.measure(frame, header, bits)).toBe(frame.length)
  expect(decoder.measure(frame.subarray(0, -1), header, bits)).toBe(0)
}

/** Channels of one length whose low bits are as empty as the first plan says. */
function caseOf(bits: number, size: number, choices: readonly [Signal, SubframePlan][], stereo: number): Case {
  const wastedBits = Math.min(choices[0][1].wastedBits, bits - 2)
  const empty = BigInt(wastedBits)
  return {
    bits,
    assignment: choices.length === 2 ? stereo : choices.length - 1,
    channels: choices.map(([signal]) => samplesOf(signal, size, bits).map((value) => (value >> empty) << empty)),
    // of the middle of two channels one bit less is empty
    plans: choices.map(([, plan]) => ({ ...plan, wastedBits: stereo === MID_SIDE ? 0 : wastedBits })),
  }
}

describe('FlacFrameDecoder, against numbers without limits', () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 16, 32, 64))
  const stereo = fc.constantFrom(LEFT_SIDE, SIDE_RIGHT, MID_SIDE, 1)
  const choice = fc.tuple(signals, plans)

  it('gives back what was coded, whatever the way', () => {
    const widths = fc.oneof(fc.integer({ min: 4, max: 32 }), fc.constantFrom(16, 24, 32))
    const choices = fc.array(choice, { minLength: 1, maxLength: 8, size: 'small' })
    const cases = fc.tuple(widths, sizes, choices, stereo).map((parts) => caseOf(...parts))
    fc.assert(fc.property(cases, check), { numRuns: 1000, seed: 20261122 })
    for (const type of ['constant', 'verbatim', 'fixed', 'lpc']) {
      expect({ type, often: (used.get(type) ?? 0) > 20 }).toEqual({ type, often: true })
    }
  })

  it('gives back 32-bit stereo, whose side channel has 33', () => {
    const pair = fc.tuple(choice, choice).map(([one, two]): [Signal, SubframePlan][] => [one, two])
    const cases = fc.tuple(fc.constant(32), sizes, pair, stereo).map((parts) => caseOf(...parts))
    fc.assert(fc.property(cases, check), { numRuns: 1000, seed: 20261122 })
    for (const type of ['wide verbatim', 'wide fixed', 'wide lpc']) {
      expect({ type, often: (used.get(type) ?? 0) > 1 }).toEqual({ type, often: true })
    }
  })
})

describe('the residual', () => {
  const values = [0, -1, 1, 127, -128, 40, -9, 3].map(BigInt)
  /** A mono subframe of a fixed predictor of order 0: the residuals are the samples. */
  const decoded = (blockSize: number, residual: string, bits = 32) =>
    decoder.decode(frameOfBits('00010000', residual), headerOf(blockSize, 1), bits)?.map((plane) => [...plane])[0]

  it.each([0, 3, 14])('has Rice codes of parameter %i', (parameter) => {
    const coded = values.map((value) => rice(value, parameter)).join('_')
    expect(decoded(8, `00_0000_${plain(parameter, 4)}_${coded}`)).toEqual(values.map(Number))
  })

  it('has 5-bit parameters and values of 32 bits', () => {
    const large = [2 ** 30 + 5, -(2 ** 30) - 6, 2 ** 31 - 1, -(2 ** 31) + 1, 0, -1, 1, 2]
    const coded = large.map((value) => rice(BigInt(value), 30)).join('_')
    expect(decoded(8, `01_0000_${plain(30, 5)}_${coded}`)).toEqual(large)
  })

  it('has escaped partitions, also of no bits', () => {
    const raw = [-4, 3, 0, -1]
    const coded = `00_0001_1111_${plain(3, 5)}_${raw.map((value) => plain(value, 3)).join('_')}_1111_00000`
    expect(decoded(8, coded)).toEqual([...raw, 0, 0, 0, 0])
    const wide = [2 ** 30 - 1, -(2 ** 30), 5, -5]
    const escaped = `01_0000_11111_${plain(31, 5)}_${wide.map((value) => plain(value, 31)).join('_')}`
    expect(decoded(4, escaped)).toEqual(wide)
  })

  it('has long runs of zeros', () => {
    const long = [3000, -2999, 70, 31, -32, 33]
    for (const parameter of [0, 1, 5]) {
      const coded = long.map((value) => rice(BigInt(value), parameter)).join('_')
      expect(decoded(6, `00_0000_${plain(parameter, 4)}_${coded}`)).toEqual(long)
    }
  })

  it('is refused with reserved methods, partitions that do not fit and missing bits', () => {
    expect(decoded(4, `10_0000_${'1'.repeat(64)}`)).toBeUndefined()
    expect(decoded(12, `00_0011_${'1'.repeat(64)}`)).toBeUndefined()
    expect(decoded(16, '00_0000_0010_101_1')).toBeUndefined()
    expect(decoded(16, `00_0000_0010_${'0'.repeat(200)}`)).toBeUndefined()
    // more warm-up samples than a partition has
    const warm = frameOfBits('00011000', plain(0, 32), `00_0011_${'1'.repeat(64)}`)
    expect(decoder.decode(warm, headerOf(8, 1), 8)).toBeUndefined()
  })
})
