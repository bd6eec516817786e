// Sample loops of the loudness meter. The caller lays out the memory; addresses are in bytes. A plane is one channel as f32.

/** Most that a sample of a float file may be; anything beyond, and what is no number, is silence. */
const LARGEST: f32 = 1e6

/** One channel of interleaved 16-bit PCM. */
export function unpackS16(at: usize, stride: usize, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i++, at += stride, to += 4) store<f32>(to, <f32>load<i16>(at) * (1.0 / 32768.0))
}

/** One channel of interleaved packed 24-bit PCM. */
export function unpackS24(at: usize, stride: usize, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i++, at += stride, to += 4) {
    const value = (<i32>load<u16>(at)) | ((<i32>load<i8>(at + 2)) << 16)
    store<f32>(to, <f32>value * (1.0 / 8388608.0))
  }
}

/** One channel of interleaved 32-bit PCM. */
export function unpackS32(at: usize, stride: usize, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i++, at += stride, to += 4) store<f32>(to, <f32>load<i32>(at) * (1.0 / 2147483648.0))
}

/** One channel of interleaved unsigned 8-bit PCM. */
export function unpackU8(at: usize, stride: usize, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i++, at += stride, to += 4) store<f32>(to, <f32>(<i32>load<u8>(at) - 128) * (1.0 / 128.0))
}

/** One channel of interleaved doubles. */
export function unpackF64(at: usize, stride: usize, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i++, at += stride, to += 4) {
    const value = <f32>load<f64>(at)
    store<f32>(to, abs(value) <= LARGEST ? value : 0)
  }
}

/** One channel of interleaved floats. */
export function unpackF32(at: usize, stride: usize, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i++, at += stride, to += 4) {
    const value = load<f32>(at)
    store<f32>(to, abs(value) <= LARGEST ? value : 0)
  }
}

/**
 * K-weighting of two channels at once, one in each lane, in double precision.
 * coefficients: b0 b1 b2 a1 a2 of the shelf, b0 b1 b2 a1 a2 of the high-pass.
 * state: two values of each lane for each filter, then the sums of the squares, which grow.
 */
export function weigh(first: usize, second: usize, frames: i32, coefficients: usize, state: usize): void {
  const b0 = v128.load64_splat(coefficients)
  const b1 = v128.load64_splat(coefficients, 8)
  const b2 = v128.load64_splat(coefficients, 16)
  const a1 = v128.load64_splat(coefficients, 24)
  const a2 = v128.load64_splat(coefficients, 32)
  const d0 = v128.load64_splat(coefficients, 40)
  const d1 = v128.load64_splat(coefficients, 48)
  const d2 = v128.load64_splat(coefficients, 56)
  const c1 = v128.load64_splat(coefficients, 64)
  const c2 = v128.load64_splat(coefficients, 72)
  let s1 = v128.load(state)
  let s2 = v128.load(state, 16)
  let t1 = v128.load(state, 32)
  let t2 = v128.load(state, 48)
  let sum = v128.load(state, 64)
  for (let i = 0; i < frames; i++, first += 4, second += 4) {
    const x = f64x2.replace_lane(f64x2.splat(<f64>load<f32>(first)), 1, <f64>load<f32>(second))
    const y = f64x2.add(f64x2.mul(b0, x), s1)
    s1 = f64x2.add(f64x2.sub(f64x2.mul(b1, x), f64x2.mul(a1, y)), s2)
    s2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y))
    const z = f64x2.add(f64x2.mul(d0, y), t1)
    t1 = f64x2.add(f64x2.sub(f64x2.mul(d1, y), f64x2.mul(c1, z)), t2)
    t2 = f64x2.sub(f64x2.mul(d2, y), f64x2.mul(c2, z))
    sum = f64x2.add(sum, f64x2.mul(z, z))
  }
  v128.store(state, settled(s1))
  v128.store(state, settled(s2), 16)
  v128.store(state, settled(t1), 32)
  v128.store(state, settled(t2), 48)
  v128.store(state, sum, 64)
}

/** What has died away becomes zero: numbers too small to be normal make processors slow. */
function settled(value: v128): v128 {
  return v128.and(value, f64x2.gt(f64x2.abs(value), f64x2.splat(1e-30)))
}

/** Largest magnitude in a plane. */
export function peak(plane: usize, frames: i32): f32 {
  let most = f32x4.splat(0)
  let i = 0
  for (; i + 4 <= frames; i += 4, plane += 16) most = f32x4.max(most, f32x4.abs(v128.load(plane)))
  let largest = highest(most)
  for (; i < frames; i++, plane += 4) largest = max(largest, abs(load<f32>(plane)))
  return largest
}

/** Samples that are skipped or filtered together. */
const GROUP = 32

/**
 * Largest magnitude between the samples of a plane that is above `known`; else `known`. Before the plane stand `taps - 1` earlier samples,
 * and a group beyond its end may be read. The filter of each phase begins with the newest sample; `gain` is the most that it amplifies,
 * so that nothing is computed where no new peak can be.
 */
export function truePeak(plane: usize, frames: i32, filters: usize, taps: i32, phases: i32, gain: f32, known: f32): f32 {
  const history = taps - 1
  const historyBytes = <usize>history << 2
  for (let i = 0; i < frames; i += GROUP, plane += GROUP << 2) {
    const count = min(frames - i, GROUP)
    if (peak(plane - historyBytes, count + history) * gain <= known) continue
    for (let at: i32 = 0; at < count; at += 8) {
      for (let phase = 0; phase < phases; phase++) {
        known = max(known, between(plane + (at << 2), filters + ((phase * taps) << 2), taps, count - at))
      }
    }
  }
  return known
}

/** Largest magnitude of eight filtered samples, or of the `left` first ones. */
function between(samples: usize, filter: usize, taps: i32, left: i32): f32 {
  let low = f32x4.splat(0)
  let high = f32x4.splat(0)
  for (let tap = 0; tap < taps; tap++, filter += 4, samples -= 4) {
    const factor = v128.load32_splat(filter)
    low = f32x4.add(low, f32x4.mul(factor, v128.load(samples)))
    high = f32x4.add(high, f32x4.mul(factor, v128.load(samples, 16)))
  }
  if (left < 8) {
    // what lies beyond the end does not count
    low = v128.and(low, i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3)))
    high = v128.and(high, i32x4.gt_s(i32x4.splat(left), i32x4(4, 5, 6, 7)))
  }
  return highest(f32x4.max(f32x4.abs(low), f32x4.abs(high)))
}

function highest(values: v128): f32 {
  const low = max(f32x4.extract_lane(values, 0), f32x4.extract_lane(values, 1))
  return max(low, max(f32x4.extract_lane(values, 2), f32x4.extract_lane(values, 3)))
}
