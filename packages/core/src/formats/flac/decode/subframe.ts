import { restoreFixed } from './fixed.js'
import type { FrameBits } from './frame-bits.js'
import { MAX_LPC_ORDER, restoreLpc, restoreLpcWide } from './lpc.js'
import { readResidual } from './residual.js'

const FIXED_COEFFICIENTS = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((values) => {
  const padded = new Int32Array(MAX_LPC_ORDER)
  padded.set(values)
  return padded
})
const coefficients = new Int32Array(MAX_LPC_ORDER)

/** What the head of a subframe says. */
export interface SubframeKind {
  /** How its samples are coded. */
  readonly type: 'constant' | 'verbatim' | 'fixed' | 'lpc'
  /** Order of the predictor. */
  readonly order: number
  /** Low bits that are zero in every sample and not coded. */
  readonly wastedBits: number
}

/**
 * Reads the head of a subframe; undefined when it is reserved.
 * @source RFC 9639 §9.2.1, §9.2.2
 */
export function readSubframeKind(bits: FrameBits): SubframeKind | undefined {
  const head = bits.unsigned(8)
  const wastedBits = (head & 1) === 0 ? 0 : bits.unary() + 1
  const code = head >>> 1
  if (code === 0) return { type: 'constant', order: 0, wastedBits }
  if (code === 1) return { type: 'verbatim', order: 0, wastedBits }
  if (code >= 8 && code <= 12) return { type: 'fixed', order: code - 8, wastedBits }
  if (code >= 32 && code < 64) return { type: 'lpc', order: code - 31, wastedBits }
  return undefined
}

/**
 * Decodes one subframe into `out`, which holds at least `blockSize` samples. Up to 32 bits a sample `residual` is `out` itself;
 * the side channel of 32-bit audio has 33 and takes doubles.
 * @returns false when the bits break the rules or end
 */
export function decodeSubframe(
  bits: FrameBits,
  out: Int32Array | Float64Array,
  residual: Int32Array,
  blockSize: number,
  bitsPerSample: number,
): boolean {
  const kind = readSubframeKind(bits)
  if (kind === undefined || kind.wastedBits >= bitsPerSample) return false
  const width = bitsPerSample - kind.wastedBits
  if (kind.type === 'constant') out.fill(bits.signed(width), 0, blockSize)
  else if (kind.type === 'verbatim') {
    for (let index = 0; index < blockSize && !bits.exhausted; index++) out[index] = bits.signed(width)
  } else if (!decodePredicted(bits, kind, out, residual, blockSize, width)) return false
  if (kind.wastedBits > 0) {
    const scale = 2 ** kind.wastedBits
    for (let index = 0; index < blockSize; index++) out[index] *= scale
  }
  return !bits.exhausted
}

function decodePredicted(
  bits: FrameBits,
  { type, order }: SubframeKind,
  out: Int32Array | Float64Array,
  residual: Int32Array,
  blockSize: number,
  width: number,
): boolean {
  if (order > blockSize) return false
  for (let index = 0; index < order; index++) out[index] = bits.signed(width)
  let shift = 0
  if (type === 'lpc') {
    const precision = bits.unsigned(4) + 1
    shift = bits.signed(5)
    if (precision > 15 || shift < 0) return false
    coefficients.fill(0)
    for (let index = 0; index < order; index++) coefficients[index] = bits.signed(precision)
  }
  const largest = readResidual(bits, residual, order, blockSize)
  if (largest < 0) return false
  if (out instanceof Float64Array) {
    const taps = type === 'fixed' ? FIXED_COEFFICIENTS[order] : coefficients
    restoreLpcWide(out, residual, taps, order, shift, blockSize)
  } else if (type === 'fixed') restoreFixed(out, order, blockSize)
  // A prediction is a sample less its residual.
  else if ((2 ** (width - 1) + largest) * 2 ** shift < 2 ** 31) restoreLpc(out, coefficients, order, shift, blockSize)
  else restoreLpcWide(out, residual, coefficients, order, shift, blockSize)
  return true
}
