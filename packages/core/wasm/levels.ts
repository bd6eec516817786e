// Squares and peaks of interleaved PCM, by channel. One call measures one stretch; what it finds stands at the start of the memory:
// sums of squares as f64 at 0, largest magnitudes as f64 at 64, 8 channels each, in units of the samples (24 bits count as 32).
// Up to 4 bytes behind the input are read and not used.

const SUMS: usize = 0
const PEAKS: usize = 64
/** Four sums and four peaks of one column of lanes. */
const LANES: usize = 128

/** Packed 24-bit integers: a type of their own for the generic functions below. */
type s24 = u32

export function measureU8(at: usize, frames: i32, channels: i32): void {
  measure<u8>(at, frames, channels)
}
export function measureS16(at: usize, frames: i32, channels: i32): void {
  if (channels > 2) return measure<i16>(at, frames, channels)
  clear()
  const vectors = (frames * channels) >> 3
  if (channels == 1) mono16(at, vectors)
  else stereo16(at, vectors)
  const done = (vectors << 3) / channels
  tail<i16>(at + (vectors << 4), frames - done, channels)
}
export function measureS24(at: usize, frames: i32, channels: i32): void {
  measure<s24>(at, frames, channels)
}
export function measureS32(at: usize, frames: i32, channels: i32): void {
  measure<i32>(at, frames, channels)
}
export function measureF32(at: usize, frames: i32, channels: i32): void {
  measure<f32>(at, frames, channels)
}
export function measureF64(at: usize, frames: i32, channels: i32): void {
  measure<f64>(at, frames, channels)
}

/** 8 samples a turn: products of 16 bits added by pairs are unsigned 32-bit numbers, and their sums exact 64-bit ones. */
function mono16(at: usize, vectors: i32): void {
  let sum = i64x2.splat(0)
  let peak = i16x8.splat(0)
  for (let i = 0; i < vectors; i++, at += 16) {
    const samples = v128.load(at)
    const squares = i32x4.dot_i16x8_s(samples, samples)
    sum = i64x2.add(sum, i64x2.extend_low_i32x4_u(squares))
    sum = i64x2.add(sum, i64x2.extend_high_i32x4_u(squares))
    peak = i16x8.max_u(peak, i16x8.abs(samples))
  }
  add(0, <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1)), 0)
  for (let lane = 0; lane < 8; lane++) add(0, 0, <f64>lane16(peak, lane))
}

function stereo16(at: usize, vectors: i32): void {
  let left = i64x2.splat(0)
  let right = i64x2.splat(0)
  let peak = i16x8.splat(0)
  for (let i = 0; i < vectors; i++, at += 16) {
    const samples = v128.load(at)
    const sorted = v128.shuffle<i16>(samples, samples, 0, 2, 4, 6, 1, 3, 5, 7)
    const squares = i32x4.dot_i16x8_s(sorted, sorted)
    left = i64x2.add(left, i64x2.extend_low_i32x4_u(squares))
    right = i64x2.add(right, i64x2.extend_high_i32x4_u(squares))
    peak = i16x8.max_u(peak, i16x8.abs(samples))
  }
  add(0, <f64>(i64x2.extract_lane(left, 0) + i64x2.extract_lane(left, 1)), 0)
  add(1, <f64>(i64x2.extract_lane(right, 0) + i64x2.extract_lane(right, 1)), 0)
  for (let lane = 0; lane < 8; lane++) add(lane & 1, 0, <f64>lane16(peak, lane))
}

function lane16(lanes: v128, lane: i32): u16 {
  v128.store(LANES, lanes)
  return load<u16>(LANES + (lane << 1))
}

/**
 * Any format and number of channels. Four frames are `channels` vectors of four samples; a column of every `channels`-th vector holds
 * the same four channels in its lanes. Where the channels repeat within a vector (1, 2, 4) one column is enough, and 8 need two.
 */
function measure<T>(at: usize, frames: i32, channels: i32): void {
  clear()
  const columns = channels == 8 ? 2 : channels == 4 || channels <= 2 ? 1 : channels
  const vectors = (frames * channels) >> 2
  const rows = vectors / columns
  const vectorBytes = <usize>bytesOf<T>() << 2
  for (let column = 0; column < columns; column++) {
    lanes<T>(at + column * vectorBytes, columns * vectorBytes, rows)
    for (let lane = 0; lane < 4; lane++) {
      const from = LANES + (lane << 3)
      add(((column << 2) + lane) % channels, load<f64>(from), load<f64>(from, 32))
    }
  }
  const done = rows * columns * 4 / channels
  tail<T>(at + rows * columns * vectorBytes, frames - done, channels)
}

/** Sums and peaks of four samples every `stride` bytes, lane by lane, to LANES. */
// @ts-ignore: decorators of functions
@inline
function lanes<T>(at: usize, stride: usize, count: i32): void {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let peak = i32x4.splat(0)
  for (let i = 0; i < count; i++, at += stride) {
    const samples = load4<T>(at)
    let first: v128, second: v128
    if (isFloat<T>()) {
      first = f64x2.promote_low_f32x4(samples)
      second = f64x2.promote_low_f32x4(v128.shuffle<i32>(samples, samples, 2, 3, 2, 3))
      peak = f32x4.pmax(peak, f32x4.abs(samples))
    } else {
      first = f64x2.convert_low_i32x4_s(samples)
      second = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(samples, samples, 2, 3, 2, 3))
      peak = i32x4.max_u(peak, i32x4.abs(samples)) // the magnitude of the least number fits without sign
    }
    low = f64x2.add(low, f64x2.mul(first, first))
    high = f64x2.add(high, f64x2.mul(second, second))
  }
  v128.store(LANES, low)
  v128.store(LANES, high, 16)
  for (let lane = 0; lane < 4; lane++) {
    v128.store(LANES, peak, 64)
    const from = LANES + (lane << 2)
    if (isFloat<T>()) store<f64>(LANES + (lane << 3), <f64>load<f32>(from, 64), 32)
    else store<f64>(LANES + (lane << 3), <f64>load<u32>(from, 64), 32)
  }
}

/** Four samples as 32-bit numbers. What is no number counts as silence. */
// @ts-ignore: decorators of functions
@inline
function load4<T>(at: usize): v128 {
  if (isFloat<T>()) {
    let samples: v128
    if (bytesOf<T>() == 4) samples = v128.load(at)
    else samples = v128.shuffle<i32>(f32x4.demote_f64x2_zero(v128.load(at)), f32x4.demote_f64x2_zero(v128.load(at, 16)), 0, 1, 4, 5)
    return v128.and(samples, f32x4.eq(samples, samples))
  }
  if (bytesOf<T>() == 1) {
    const bytes = v128.load32_zero(at)
    return i32x4.sub(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), i32x4.splat(128))
  }
  if (bytesOf<T>() == 2) return v128.load16x4_s(at)
  if (bytesOf<T>() == 3) {
    const bytes = v128.load(at)
    return v128.shuffle<i8>(bytes, i8x16.splat(0), 16, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11)
  }
  return v128.load(at)
}

/** Frame by frame: what is left at the end. */
function tail<T>(at: usize, frames: i32, channels: i32): void {
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++, at += bytesOf<T>()) {
      const sample = load1<T>(at)
      add(channel, sample * sample, Math.abs(sample))
    }
  }
}

// @ts-ignore: decorators of functions
@inline
function load1<T>(at: usize): f64 {
  if (isFloat<T>()) {
    let sample: f64
    if (bytesOf<T>() == 4) sample = <f64>load<f32>(at)
    else sample = <f64><f32>load<f64>(at)
    return sample == sample ? sample : 0
  }
  if (bytesOf<T>() == 1) return <f64>(<i32>load<u8>(at) - 128)
  if (bytesOf<T>() == 2) return <f64>load<i16>(at)
  if (bytesOf<T>() == 3) return <f64>((<i32>load<u16>(at) << 8) | (<i32>load<i8>(at, 2) << 24))
  return <f64>load<i32>(at)
}

// @ts-ignore: decorators of functions
@inline
function bytesOf<T>(): usize {
  if (isInteger<T>() && !isSigned<T>() && sizeof<T>() == 4) return 3
  return sizeof<T>()
}

function clear(): void {
  memory.fill(SUMS, 0, PEAKS + 64)
}

function add(channel: i32, squares: f64, peak: f64): void {
  const at = channel << 3
  store<f64>(SUMS + at, load<f64>(SUMS + at) + squares)
  store<f64>(PEAKS + at, Math.max(load<f64>(PEAKS + at), peak))
}
