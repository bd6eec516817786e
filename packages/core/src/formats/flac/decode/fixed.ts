/**
 * Turns the residuals of a fixed predictor into samples, in place. Wrapping 32-bit arithmetic is exact, because samples fit 32 bits.
 * @source RFC 9639 §9.2.5
 */
export function restoreFixed(samples: Int32Array, order: number, blockSize: number): void {
  if (order === 0) return
  // Value and differences at the last warm-up sample; each next one is a sum of sums.
  const at = order - 1
  let value = samples[at]
  let first = order > 1 ? samples[at] - samples[at - 1] : 0
  let second = order > 2 ? samples[at] - 2 * samples[at - 1] + samples[at - 2] : 0
  let third = order > 3 ? samples[at] - 3 * samples[at - 1] + 3 * samples[at - 2] - samples[at - 3] : 0
  if (order === 1) for (let i = 1; i < blockSize; i++) samples[i] = value = (value + samples[i]) | 0
  else if (order === 2) {
    for (let i = 2; i < blockSize; i++) samples[i] = value = (value + (first = (first + samples[i]) | 0)) | 0
  } else if (order === 3) {
    for (let i = 3; i < blockSize; i++) {
      second = (second + samples[i]) | 0
      first = (first + second) | 0
      samples[i] = value = (value + first) | 0
    }
  } else {
    for (let i = 4; i < blockSize; i++) {
      third = (third + samples[i]) | 0
      second = (second + third) | 0
      first = (first + second) | 0
      samples[i] = value = (value + first) | 0
    }
  }
}
