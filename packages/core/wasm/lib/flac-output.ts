export const LEFT_SIDE = 8
export const SIDE_RIGHT = 9
export const MID_SIDE = 10

/** Left of the pairs of coded values, four at once. @source RFC 9639 §4.2 */
@inline
function leftOf(ASSIGNMENT: i32, one: v128, two: v128): v128 {
  if (ASSIGNMENT === SIDE_RIGHT) return i32x4.add(one, two)
  if (ASSIGNMENT === MID_SIDE) return i32x4.add(i32x4.sub(one, i32x4.shr_s(two, 1)), two)
  return one
}

@inline
function rightOf(ASSIGNMENT: i32, one: v128, two: v128): v128 {
  if (ASSIGNMENT === LEFT_SIDE) return i32x4.sub(one, two)
  if (ASSIGNMENT === MID_SIDE) return i32x4.sub(one, i32x4.shr_s(two, 1))
  return two
}

@inline
function restore(ASSIGNMENT: i32, first: usize, second: usize, blockSize: i32): void {
  const end = first + ((blockSize as usize) << 2)
  for (let one = first, two = second; one < end; one += 16, two += 16) {
    const a = v128.load(one)
    const b = v128.load(two)
    v128.store(one, leftOf(ASSIGNMENT, a, b))
    v128.store(two, rightOf(ASSIGNMENT, a, b))
  }
}

/** Turns the two coded planes into left and right, in place. Both have room for a multiple of four samples. */
export function restorePlanes(assignment: i32, first: usize, second: usize, blockSize: i32): void {
  if (assignment === LEFT_SIDE) restore(LEFT_SIDE, first, second, blockSize)
  else if (assignment === SIDE_RIGHT) restore(SIDE_RIGHT, first, second, blockSize)
  else if (assignment === MID_SIDE) restore(MID_SIDE, first, second, blockSize)
}

/** The same for 32-bit audio, whose side channel has 33 bits and stands at `side`. */
export function restoreWide(assignment: i32, first: usize, second: usize, side: usize, blockSize: i32): void {
  for (let index: usize = 0; index < (blockSize as usize); index++) {
    const one = first + (index << 2)
    const two = second + (index << 2)
    const difference = load<i64>(side + (index << 3))
    if (assignment === LEFT_SIDE) store<i32>(two, ((load<i32>(one) as i64) - difference) as i32)
    else if (assignment === SIDE_RIGHT) store<i32>(one, ((load<i32>(two) as i64) + difference) as i32)
    else {
      const right = (load<i32>(one) as i64) - (difference >> 1)
      store<i32>(one, (right + difference) as i32)
      store<i32>(two, right as i32)
    }
  }
}

/** Two coded planes as little-endian pairs of 16 or 24 bits, restored on the way. */
@inline
function weave(ASSIGNMENT: i32, BYTES: i32, first: usize, second: usize, out: usize, blockSize: i32): void {
  const end = first + ((blockSize as usize) << 2)
  let to = out
  for (let one = first, two = second; one < end; one += 16, two += 16) {
    const a = v128.load(one)
    const b = v128.load(two)
    const left = leftOf(ASSIGNMENT, a, b)
    const right = rightOf(ASSIGNMENT, a, b)
    if (BYTES === 2) {
      v128.store(to, v128.shuffle<i8>(left, right, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29))
      to += 16
    } else {
      // the last four bytes of each are written over by the next
      v128.store(to, v128.shuffle<i8>(left, right, 0, 1, 2, 16, 17, 18, 4, 5, 6, 20, 21, 22, 0, 0, 0, 0))
      v128.store(to, v128.shuffle<i8>(left, right, 8, 9, 10, 24, 25, 26, 12, 13, 14, 28, 29, 30, 0, 0, 0, 0), 12)
      to += 24
    }
  }
}

@inline
function weavePair(BYTES: i32, assignment: i32, first: usize, second: usize, out: usize, blockSize: i32): void {
  if (assignment === LEFT_SIDE) weave(LEFT_SIDE, BYTES, first, second, out, blockSize)
  else if (assignment === SIDE_RIGHT) weave(SIDE_RIGHT, BYTES, first, second, out, blockSize)
  else if (assignment === MID_SIDE) weave(MID_SIDE, BYTES, first, second, out, blockSize)
  else weave(1, BYTES, first, second, out, blockSize)
}

/** {@link weave} by what the frame says. `out` has {@link PCM_SLACK_BYTES} more than the samples take. */
export function weavePlanes(assignment: i32, bytes: i32, first: usize, second: usize, out: usize, blockSize: i32): void {
  if (bytes === 2) weavePair(2, assignment, first, second, out, blockSize)
  else weavePair(3, assignment, first, second, out, blockSize)
}

/** What may be written behind interleaved samples. */
export const PCM_SLACK_BYTES: usize = 64

/** A plane as little-endian samples of `bytes` bytes, `step` bytes from one to the next. */
export function spreadPlane(plane: usize, bytes: i32, out: usize, step: usize, blockSize: i32): void {
  const end = plane + ((blockSize as usize) << 2)
  let to = out
  for (let at = plane; at < end; at += 4, to += step) {
    const value = load<i32>(at)
    if (bytes === 2) store<i16>(to, value as i16)
    else if (bytes === 4) store<i32>(to, value)
    else {
      store<i8>(to, value as i8)
      if (bytes === 3) store<i16>(to, (value >> 8) as i16, 1)
    }
  }
}

/** A plane as floats, each sample times `scale`. */
export function scalePlane(plane: usize, out: usize, scale: f32, blockSize: i32): void {
  const factor = f32x4.splat(scale)
  const end = plane + ((blockSize as usize) << 2)
  for (let at = plane, to = out; at < end; at += 16, to += 16) {
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(v128.load(at)), factor))
  }
}
