import type { FrameBits } from './frame-bits.js'

/**
 * Reads a coded residual into `out[order]` and on to `out[blockSize - 1]`.
 * @returns the bits of all residuals or-ed after folding (0, -1, 1, -2, ... as 0, 1, 2, 3, ...): no residual is larger than this;
 * -1 when the bits break the rules or end
 * @source RFC 9639 §9.2.7
 */
export function readResidual(bits: FrameBits, out: Int32Array, order: number, blockSize: number): number {
  const method = bits.unsigned(2)
  if (method > 1) return -1
  const parameterBits = method === 0 ? 4 : 5
  const escape = method === 0 ? 15 : 31
  const partitionOrder = bits.unsigned(4)
  const partitionSize = blockSize >>> partitionOrder
  if (partitionSize << partitionOrder !== blockSize || partitionSize < order) return -1
  let bound = 0
  let start = order
  for (let end = partitionSize; end <= blockSize; end += partitionSize) {
    const parameter = bits.unsigned(parameterBits)
    bound |= parameter === escape ? readRaw(bits, out, start, end) : readRice(bits, out, start, end, parameter)
    if (bits.exhausted) return -1
    start = end
  }
  return bound >>> 0
}

/** Residuals of an escaped partition: plain two's complement. */
function readRaw(bits: FrameBits, out: Int32Array, start: number, end: number): number {
  const width = bits.unsigned(5)
  if (width === 0) {
    out.fill(0, start, end)
    return 0
  }
  for (let index = start; index < end && !bits.exhausted; index++) out[index] = bits.signed(width)
  return 2 ** width - 1
}

/** Residuals of a Rice partition. The heart of decoding: one 32-bit read gives at least 25 bits, enough for nearly every residual. */
function readRice(bits: FrameBits, out: Int32Array, start: number, end: number, parameter: number): number {
  const view = bits.view
  const endBit = bits.endBit
  let bit = bits.bit
  let bound = 0
  for (let index = start; index < end; index++) {
    if (bit >= endBit) {
      bits.bit = endBit + 1
      return bound
    }
    const window = view.getUint32(bit >>> 3) << (bit & 7)
    let quotient = Math.clz32(window)
    let folded: number
    if (quotient + parameter < 25) {
      // Two right shifts: one by 32 would be one by 0.
      folded = (quotient << parameter) | (((window << (quotient + 1)) >>> 1) >>> (31 - parameter))
      bit += quotient + 1 + parameter
    } else {
      bits.bit = bit
      quotient = bits.unary()
      folded = (quotient << parameter) | bits.unsigned(parameter)
      bit = bits.bit
    }
    bound |= folded
    out[index] = (folded >>> 1) ^ -(folded & 1)
  }
  bits.bit = bit
  return bound
}
