import type { FlacFrameHeader } from '../../../../src/formats/flac/frame-header.js'

/** How the residual of a subframe is coded. */
interface ResidualPlan {
  /** Rice parameters of 4 or 5 bits. */
  readonly method: 0 | 1
  readonly partitionOrder: number
  /** For each partition in turn: its parameter, or how far from the best one; undefined = plain numbers. */
  readonly parameters: readonly (number | undefined)[]
}

/** How the samples of a channel are coded. */
export interface SubframePlan {
  readonly type: 'constant' | 'verbatim' | 'fixed' | 'lpc'
  /** Coefficients of a linear predictor, the first for the latest sample; of a fixed one as many as its order. */
  readonly coefficients: readonly number[]
  readonly precision: number
  readonly shift: number
  readonly wastedBits: number
  readonly residual: ResidualPlan
}

const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]]

/** A header as a decoder needs it, of no bytes. */
export function headerOf(blockSize: number, channels: number, channelAssignment = channels - 1): FlacFrameHeader {
  const absent = { variableBlockSize: false, number: 0, sampleRateHz: 0, bitsPerSample: 0, numberBytes: 0 }
  return { ...absent, blockSize, channels, channelAssignment, headerBytes: 0 }
}

/** A frame without its header, from bits as text (`_` for reading only). */
export function frameOfBits(...parts: readonly string[]): Uint8Array {
  const bits = parts.join('').replaceAll(/[_ ]/g, '')
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []
  return Uint8Array.from([...bytes.map((byte) => Number.parseInt(byte, 2)), 0, 0])
}

/** Bits of a number, two's complement. */
export function plain(value: number | bigint, width: number): string {
  return width === 0 ? '' : BigInt.asUintN(width, BigInt(value)).toString(2).padStart(width, '0')
}

/** Rice code of a number. */
export function rice(value: bigint, parameter: number): string {
  const folded = value >= 0n ? 2n * value : -2n * value - 1n
  const quotient = Number(folded >> BigInt(parameter))
  return `${'0'.repeat(quotient)}1${plain(folded, parameter)}`
}

/**
 * Bits of a subframe that holds `samples`, computed in numbers without limits; undefined where the plan cannot hold them: a residual
 * beyond 32 bits, codes of thousands of zeros, a constant that is none.
 * @source RFC 9639 §9.2
 */
export function subframeBits(samples: readonly bigint[], bits: number, plan: SubframePlan): string | undefined {
  const { type, wastedBits } = plan
  const width = bits - wastedBits
  const kept = samples.map((sample) => sample >> BigInt(wastedBits))
  if (kept.some((value, index) => value << BigInt(wastedBits) !== samples[index])) return undefined
  const order = plan.coefficients.length
  const code = { constant: 0, verbatim: 1, fixed: 8 + order, lpc: 31 + order }[type]
  const head = `0${plain(code, 6)}${wastedBits > 0 ? `1${'0'.repeat(wastedBits - 1)}1` : '0'}`
  if (type === 'constant') return kept.every((value) => value === kept[0]) ? head + plain(kept[0], width) : undefined
  if (type === 'verbatim') return head + kept.map((value) => plain(value, width)).join('')
  if (order > kept.length) return undefined
  const warm = kept.slice(0, order).map((value) => plain(value, width))
  const coefficients = type === 'fixed' ? FIXED[order] : plan.coefficients
  const shift = type === 'fixed' ? 0 : plan.shift
  const residual = kept.slice(order).map((value, index) => {
    const sum = coefficients.reduce((all, one, back) => all + BigInt(one) * kept[order + index - 1 - back], 0n)
    return value - (sum >> BigInt(shift))
  })
  if (residual.some((value) => value <= -(2n ** 31n) || value >= 2n ** 31n)) return undefined
  const linear = [plain(plan.precision - 1, 4), plain(shift, 5), ...coefficients.map((q) => plain(q, plan.precision))]
  const coded = residualBits(residual, order, kept.length, plan.residual)
  return coded && [head, ...warm, ...(type === 'lpc' ? linear : []), coded].join('')
}

/** Undefined where codes would have thousands of zeros. */
function residualBits(
  residual: readonly bigint[],
  order: number,
  blockSize: number,
  { method, parameters, partitionOrder: wanted }: ResidualPlan,
): string | undefined {
  let partitionOrder = wanted
  while (blockSize % 2 ** partitionOrder > 0 || blockSize >> partitionOrder < order) partitionOrder--
  const size = blockSize >> partitionOrder
  const parameterBits = 4 + method
  const parts = [`0${method}`, plain(partitionOrder, 4)]
  for (let partition = 0, at = 0; partition < 2 ** partitionOrder; partition++) {
    const values = residual.slice(at, (partition + 1) * size - order)
    at += values.length
    const widest = Math.max(0, ...values.map((value) => (value < 0n ? ~value : value).toString(2).length))
    const parameter = parameters[partition % parameters.length]
    const used = Math.min(2 ** parameterBits - 2, Math.max(0, widest - 7, parameter ?? 0))
    if (widest < 31 && (parameter === undefined || widest - used > 7)) {
      const width = values.every((value) => value === 0n) ? 0 : widest + 1
      parts.push('1'.repeat(parameterBits), plain(width, 5), ...values.map((value) => plain(value, width)))
    } else if (widest - used > 7) return undefined
    else parts.push(plain(used, parameterBits), ...values.map((value) => rice(value, used)))
  }
  return parts.join('')
}
