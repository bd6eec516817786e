/** Points of a drawing of a whole recording. */
const POINTS = 800
/** More digits are not seen. */
const DIGITS = 6

/** Levels for drawing: the loudest window of each of at most {@link POINTS} equal stretches, so that no short event gets lost. */
export function displayLevels(rms: Float32Array): number[] {
  const points = Math.min(POINTS, rms.length)
  return Array.from({ length: points }, (_, point) => {
    const from = Math.floor((point * rms.length) / points)
    const to = Math.floor(((point + 1) * rms.length) / points)
    let loudest = 0
    for (let window = from; window < to; window++) loudest = Math.max(loudest, rms[window])
    return Number(loudest.toFixed(DIGITS))
  })
}
