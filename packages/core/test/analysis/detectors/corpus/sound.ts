/** Sampling rate of the corpus: what espeak-ng speaks at, and a tenth of a second is a whole number of samples. */
export const RATE_HZ = 22_050
/** Samples of a window of levels. */
export const WINDOW_SAMPLES = RATE_HZ / 10

/** Numbers from 0 to 1. */
export type Random = () => number

/** A number between two. */
export function between(random: Random, least: number, most: number): number {
  return least + random() * (most - least)
}

/** One of several. */
export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]
}

/** A sound made sample by sample; `seconds` since its start. */
export function sound(durationSeconds: number, at: (seconds: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(durationSeconds * RATE_HZ) }, (_, index) => at(index / RATE_HZ))
}

/** Scales a sound in place so that its loudest tenth of a second (all of it, when it is shorter) has an RMS of 1. */
export function normalized(samples: Float32Array): Float32Array {
  const window = Math.min(WINDOW_SAMPLES, samples.length)
  let power = 0
  let most = 0
  for (let index = 0; index < samples.length; index++) {
    power += samples[index] ** 2
    if (index >= window) power -= samples[index - window] ** 2
    most = Math.max(most, power)
  }
  const gain = 1 / Math.sqrt(most / window)
  return samples.map((sample) => sample * gain)
}

/** Swells a sound in place by levels in dB, one each 100 ms, straight lines between them. */
export function swell(samples: Float32Array, levelsDb: readonly number[]): Float32Array {
  const gains = levelsDb.map((level) => 10 ** (level / 20))
  for (let start = 0, tenth = 0; start < samples.length; start += WINDOW_SAMPLES, tenth++) {
    const window = samples.subarray(start, start + WINDOW_SAMPLES)
    const step = ((gains[tenth + 1] ?? gains[tenth]) - gains[tenth]) / WINDOW_SAMPLES
    for (let index = 0; index < window.length; index++) window[index] *= gains[tenth] + index * step
  }
  return samples
}

/** Levels in dB that wander about 0, one each 100 ms: `spreadDb` is their standard deviation, `seconds` how long they remember. */
export function wandering(count: number, spreadDb: number, seconds: number, random: Random): number[] {
  const keep = Math.exp(-0.1 / seconds)
  let level = 0
  return Array.from({ length: count }, () => {
    const normal = random() + random() + random() + random() - 2 // standard deviation 0.58
    level = level * keep + (spreadDb / 0.577) * Math.sqrt(1 - keep * keep) * normal
    return level
  })
}
