export function sum16(at: usize, count: i32): i64 {
  let sum: i64 = 0
  for (let i = 0; i < count; i++) { const v = <i64>load<i16>(at + (i << 1)); sum += v * v }
  return sum
}
