/** A stretch of a made-up recording: so many seconds at a level in dBFS, or from one level to another in a straight line. */
export type Stretch = readonly [seconds: number, fromDb: number, toDb?: number]

/** RMS of the windows of stretches, one after another. */
export function levels(...stretches: readonly Stretch[]): Float32Array {
  return Float32Array.from(
    stretches.flatMap(([seconds, fromDb, toDb = fromDb]) => {
      const count = Math.round(seconds * 10)
      return Array.from({ length: count }, (_, window) => 10 ** ((fromDb + ((toDb - fromDb) * window) / count) / 20))
    }),
  )
}
