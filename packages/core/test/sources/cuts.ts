import fc from 'fast-check'

/** Where to cut a byte string of this length: nowhere, at every byte, or anywhere. */
export function cuts(length: number): fc.Arbitrary<readonly number[]> {
  const every = Array.from({ length: Math.max(0, length - 1) }, (_, index) => index + 1)
  const some = fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, length - 1) }), { maxLength: 20 })
  return fc.oneof(
    fc.constant([]),
    fc.constant(every),
    some.map((points) => points.sort((a, b) => a - b)),
  )
}

/** The pieces between the cuts. */
export function cutAt(bytes: Uint8Array, points: readonly number[]): Uint8Array[] {
  return [0, ...points].map((start, index) => bytes.subarray(start, points[index] ?? bytes.length))
}
