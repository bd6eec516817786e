import { describe, expect, it } from 'vitest'
import { FrameBits } from '../../../../src/formats/flac/decode/frame-bits.js'
import { readResidual } from '../../../../src/formats/flac/decode/residual.js'

/** Bits as text, `_` for reading only, as a frame. */
function bitsOf(text: string): FrameBits {
  const digits = text.replaceAll(/[_ ]/g, '')
  const bytes = digits.padEnd(Math.ceil(digits.length / 8) * 8, '0').match(/.{8}/g) ?? []
  const bits = new FrameBits()
  bits.load(
    Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2)),
    0,
  )
  return bits
}
const rice = (value: number, parameter: number) => {
  const folded = value >= 0 ? 2 * value : -2 * value - 1
  const low = parameter > 0 ? (folded % 2 ** parameter).toString(2).padStart(parameter, '0') : ''
  return `${'0'.repeat(Math.floor(folded / 2 ** parameter))}1${low}`
}
const plain = (value: number, width: number) =>
  (value < 0 ? 2 ** width + value : value).toString(2).padStart(width, '0')

describe('readResidual', () => {
  const values = [0, -1, 1, 127, -128, 40, -9, 3]
  const out = new Int32Array(16)

  it.each([0, 3, 14])('reads Rice codes of parameter %i', (parameter) => {
    const coded = values.map((value) => rice(value, parameter)).join('_')
    const bits = bitsOf(`00_0000_${plain(parameter, 4)}_${coded}`)
    expect(readResidual(bits, out, 0, 8)).toBeGreaterThanOrEqual(255)
    expect([...out.subarray(0, 8)]).toEqual(values)
  })

  it('reads 5-bit parameters, values of 31 bits and warm-up samples', () => {
    const large = [2 ** 30 + 5, -(2 ** 30) - 6, 2 ** 31 - 1, -(2 ** 31) + 1, 0, -1]
    const bits = bitsOf(`01_0000_${plain(30, 5)}_${large.map((value) => rice(value, 30)).join('_')}`)
    out.fill(99)
    expect(readResidual(bits, out, 2, 8)).toBeGreaterThan(2 ** 31)
    expect([...out.subarray(0, 8)]).toEqual([99, 99, ...large])
  })

  it('reads escaped partitions, also of no bits', () => {
    const raw = [-4, 3, 0, -1]
    const coded = `00_0001_1111_${plain(3, 5)}_${raw.map((value) => plain(value, 3)).join('_')}_1111_00000`
    expect(readResidual(bitsOf(coded), out, 0, 8)).toBe(7)
    expect([...out.subarray(0, 8)]).toEqual([...raw, 0, 0, 0, 0])
    const wide = [2 ** 30 - 1, -(2 ** 30), 5, -5]
    const escaped = `01_0000_11111_${plain(31, 5)}_${wide.map((value) => plain(value, 31)).join('_')}`
    expect(readResidual(bitsOf(escaped), out, 0, 4)).toBe(2 ** 31 - 1)
    expect([...out.subarray(0, 4)]).toEqual(wide)
  })

  it('reads long runs of zeros', () => {
    const long = [3000, -2999, 70]
    const bits = bitsOf(`00_0000_0000_${long.map((value) => rice(value, 0)).join('_')}`)
    readResidual(bits, out, 0, 3)
    expect([...out.subarray(0, 3)]).toEqual(long)
    expect(bits.exhausted).toBe(false)
  })

  it('refuses reserved methods, partitions that do not fit and missing bits', () => {
    expect(readResidual(bitsOf(`10_0000_${'1'.repeat(64)}`), out, 0, 4)).toBe(-1)
    expect(readResidual(bitsOf(`00_0011_${'1'.repeat(64)}`), out, 0, 12)).toBe(-1)
    expect(readResidual(bitsOf(`00_0001_${'1'.repeat(64)}`), out, 5, 8)).toBe(-1)
    const cut = bitsOf(`00_0000_0010_101_1`)
    expect(readResidual(cut, out, 0, 16)).toBe(-1)
    expect(cut.exhausted).toBe(true)
    const zeros = bitsOf(`00_0000_0010_${'0'.repeat(200)}`)
    expect(readResidual(zeros, out, 0, 16)).toBe(-1)
  })
})
