import { RATE_HZ, type Random } from './sound.js'

/** Noises of the world: `pink` of leaves and rain, `rumble` of wind on a microphone and of thunder, `road` of tyres. */
export type NoiseColour = 'pink' | 'rumble' | 'road'

const highestHz = { rumble: 150, road: 900 }

/** Noise with an RMS of 1. */
export function noise(colour: NoiseColour, seconds: number, random: Random): Float32Array {
  const next = colour === 'pink' ? pinkNoise(random) : lowPassed(random, highestHz[colour])
  const samples = new Float32Array(Math.round(seconds * RATE_HZ))
  let power = 0
  for (let index = 0; index < samples.length; index++) {
    samples[index] = next()
    power += samples[index] ** 2
  }
  const gain = 1 / Math.sqrt(power / samples.length)
  for (let index = 0; index < samples.length; index++) samples[index] *= gain
  return samples
}

/** Three filters of one pole that add up to about 3 dB less per octave (Kellet's economy method). */
function pinkNoise(random: Random): () => number {
  let [low, middle, high] = [0, 0, 0]
  return () => {
    const white = random() * 2 - 1
    low = 0.99765 * low + white * 0.099046
    middle = 0.963 * middle + white * 0.2965164
    high = 0.57 * high + white * 1.0526913
    return low + middle + high + white * 0.1848
  }
}

/** Two filters of one pole after each other: 12 dB less per octave. */
function lowPassed(random: Random, cutoffHz: number): () => number {
  const step = 1 - Math.exp((-2 * Math.PI * cutoffHz) / RATE_HZ)
  let [first, second] = [0, 0]
  return () => {
    first += step * (random() * 2 - 1 - first)
    second += step * (first - second)
    return second
  }
}
